"""Names in the constants of SQL that is put together."""

import pytest

from confiture_linter.graph.strings import names_in, names_in_strings, words


@pytest.mark.parametrize(
    ("constant", "names"),
    [
        ("person", [("", "person")]),
        ("App.Person", [("app", "person")]),
        ("id in (select id from app.person)", [("app", "person")]),
        (" add by int references person(id)", [("", "person")]),
        ("the person said so", []),
        ('insert into "Odd" values (1)', [("", "Odd")]),
    ],
)
def test_a_name_stands_alone_is_qualified_or_is_called_for(
    constant: str, names: list[tuple[str, str]]
) -> None:
    assert names_in(constant) == names


def test_comments_hold_no_constants() -> None:
    text = "-- it's from 'ghost'\n/* 'other' */ SELECT 'real', 'update it''s'"
    assert list(names_in_strings(text)) == [("", "real"), ("", "it")]


def test_words_are_folded() -> None:
    assert words("Sub = (SELECT x)") == {"sub", "select", "x"}
