"""Whatever a statement is, and however little is known of the schema, there is an answer."""

import pytest
from tests.effects.judge import DATA, before, forms, statements

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.builtin import builtin_catalog
from confiture_linter.effects import Effects, effects_of

TEXTS = [form.sql for form in forms()] + [
    line.rpartition(" ||| ")[2] for line in (DATA / "live.txt").read_text().splitlines()
]


@pytest.mark.parametrize("partial", [False, True])
def test_with_an_empty_catalog(partial: bool) -> None:
    catalog = Catalog(builtin_catalog(17), ("public",))
    catalog.partial = partial
    for text in TEXTS:
        for statement in statements(text):
            assert isinstance(effects_of(statement, catalog, 17), Effects)


@pytest.mark.parametrize("version", [13, 14])
def test_with_old_servers(version: int) -> None:
    catalog = before("").catalog
    for text in TEXTS:
        for statement in statements(text):
            assert isinstance(effects_of(statement, catalog, version), Effects)


def test_an_unknown_table_is_locked_all_the_same() -> None:
    catalog = Catalog(builtin_catalog(17), ("public",))
    for text, mode in (
        ("ALTER TABLE a.b ADD c int", "ACCESS EXCLUSIVE"),
        ("ALTER TABLE a.b VALIDATE CONSTRAINT c", "SHARE UPDATE EXCLUSIVE"),
        ("CREATE INDEX ON a.b (c)", "SHARE"),
        ("DROP TABLE a.b", "ACCESS EXCLUSIVE"),
        ("DELETE FROM a.b", "ROW EXCLUSIVE"),
    ):
        found = effects_of(statements(text)[0], catalog, 17)
        assert {name: held.value for name, held in found.locks} == {"a.b": mode}
        assert found.unknown[0] == "a.b is not in the schema that was read"
        assert found.error is None
