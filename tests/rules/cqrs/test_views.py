"""Hard cases of the rules about views."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules
from confiture_linter.model import Finding

RULES = {rule.name: rule for rule in load_rules(entry_points=False)}
TABLES = 'create table w (id int, "Größe" int); create table s.u (w_id int, "order" int);'


def stars(text: str) -> list[Finding]:
    return check_texts(RULES["select-star-in-view"], TABLES + text, "")


STARS = [
    ("create view v as select * from w;", ["*"]),
    ("create materialized view v as select 'é', s.u.* from s.u;", ["s.u.*"]),
    ("create view v as select count(*) from w;", []),
    ("create view v as select id from (select * from w) q;", []),
    ("create view v as with q as (select * from w) select id from q;", []),
    ("create view v as select * from (select id from w) q;", []),
    ("create view v as select * from (select * from w) q;", ["*"]),
    ("create view v as with q as (select id from w) select q.* from q;", []),
    ("create view v as select id from w union all select q.* from w q;", ["q.*"]),
    ("create view v (a, b) as select * from w;", []),
    ("create view v as select (w).id, to_jsonb(w.*) from w;", []),
    ("create view v as select * from generate_series(1, 3);", []),
]


@pytest.mark.parametrize(("text", "expected"), STARS)
def test_select_star_in_view(text: str, expected: list[str]) -> None:
    data = (TABLES + text).encode()
    assert [data[f.span.start : f.span.end].decode() for f in stars(text)] == expected


FIXES = [
    ("create view v as select q.*, 1 from w q;", 'q.id, q."Größe", 1 from'),
    ("create view v as select * from w join s.u on w_id = id;", 'w.id, w."Größe", u.w_id, u."order" from'),
]


@pytest.mark.parametrize(("text", "expected"), FIXES)
def test_fix_lists_the_columns(text: str, expected: str) -> None:
    data = (TABLES + text).encode()
    fix = stars(text)[0].fix
    assert fix is not None
    assert not fix.safe
    edit = fix.edits[0]
    mended = data[: edit.span.start] + edit.replacement.encode() + data[edit.span.end :]
    assert expected in mended.decode()
    assert check_texts(RULES["select-star-in-view"], mended.decode(), "") == []


def test_no_fix_where_a_shape_is_unknown() -> None:
    assert stars("create view v as select * from w, gone;")[0].fix is None
    assert stars("create view v as select * from w join s.u using (id);")[0].fix is None


def tower(height: int, first: str = "create view v1 as select 1 as id;") -> str:
    return first + "".join(f"create view v{n} as select id from v{n - 1};" for n in range(2, height + 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (tower(4), []),
        (tower(6), ["public.v5", "public.v6"]),
        (tower(5, "create materialized view v1 as select 1 as id;"), []),
        ("create recursive view r (n) as select 1 union all select n + 1 from r;", []),
    ],
)
def test_view_depth(text: str, expected: list[str]) -> None:
    assert [f.object for f in check_texts(RULES["view-depth"], text, "")] == expected


def test_contexts_are_silent_until_they_are_declared() -> None:
    rule = RULES["cross-context-reference"]
    assert check_texts(rule, rule.bad, "") == []
