"""How patterns match, everywhere in the project."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confiture_linter.config import compile_globs, compile_object_globs, compile_text_globs


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        (
            "db/*.sql",
            ["db/a.sql", "db/.sql"],
            ["db/x/a.sql", "a.sql", "xdb/a.sql", "db/a.sql.bak", "db/a.sql\n"],
        ),
        ("db/**", ["db/a.sql", "db/x/y.sql"], ["db", "dbx/a.sql", "x/db/a.sql"]),
        ("**", ["a", "a/b/c"], []),
        (
            "**/revert/**",
            ["revert/a.sql", "x/revert/a.sql", "x/y/revert/z/a.sql"],
            ["revert", "xrevert/a.sql", "x/reverted/a"],
        ),
        ("**/*.sql", ["a.sql", "x/y/a.sql"], ["a.txt"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b", "a/b/c"], ["ab", "a/xb"]),
        ("a/**/**/b.sql", ["a/b.sql", "a/x/y/b.sql"], ["b.sql"]),
        ("db/**.sql", ["db/a.sql", "db/x/a.sql"], ["db/a.txt"]),
        ("db/?.sql", ["db/a.sql", "db/é.sql"], ["db/ab.sql", "db//.sql"]),
        (
            "db/legacy",
            ["db/legacy", "db/legacy/a.sql", "db/legacy/x/a.sql"],
            ["db/legacy2", "db/legacy2/a.sql"],
        ),
        ("db/legacy/", ["db/legacy/a.sql"], ["db/legacy", "db/legacy2/a.sql"]),
        ("./db/*.sql", ["db/a.sql"], ["x/db/a.sql"]),
        (".", ["a", "a/b"], []),
        ("/srv/**", ["/srv/a"], ["srv/a"]),
        ("a+(b).[x]", ["a+(b).[x]"], ["aa(b).x", "a+b.[x]"]),
        ("", [], ["", "a"]),
    ],
)
def test_paths(pattern: str, yes: list[str], no: list[str]) -> None:
    matches = compile_globs([pattern])
    assert [path for path in yes if not matches(path)] == []
    assert [path for path in no if matches(path)] == []


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("w_*", ["w_order", "public.w_order", "x.w_"], ["xw_order", "w_a.order", "a.b.w_x"]),
        ("crm.*", ["crm.x", "crm.fn_x(integer,numeric(10,2))"], ["crm", "x.crm", "crm2.x", "crm.a.b"]),
        ("auth.users", ["auth.users"], ["users", "auth.users2", "authxusers"]),
        ("*", ["a", "a.b"], ["a.b.c"]),
        ("*.*", ["a.b"], ["a"]),
        ("fn_*", ["fn_a", "app.fn_a(integer, pg_catalog.text)", "fn_a()"], ["app.x(fn_a)"]),
        ("fn_a(int*)", ["fn_a(integer)", "app.fn_a(int4,text)"], ["fn_a", "fn_a(text)"]),
        ("app.t.id", ["app.t.id"], ["t.id", "app.t"]),
        ("Order*", ['public."Order"', '"OrderItem"'], ["public.order"]),
        ('"a.b"', ['"a.b"', 'public."a.b"'], ["a.b"]),
        ("a.b", ["a.b", 'a."b"'], ['"a.b"', 'public."a.b"']),
        ('"x""y"', ['public."x""y"'], ["xy"]),
        ("a*", ['public."a(b)"', 'public."a.b"'], []),
    ],
)
def test_objects(pattern: str, yes: list[str], no: list[str]) -> None:
    matches = compile_object_globs([pattern])
    assert [name for name in yes if not matches(name)] == []
    assert [name for name in no if matches(name)] == []


def test_texts() -> None:
    matches = compile_text_globs(["numeric*", "text[]"])
    assert matches("numeric(10,2)")
    assert matches("text[]")
    assert not matches("text")
    assert compile_text_globs(["*.money"])("pg_catalog.money")


def test_many_patterns_are_one_and_cached() -> None:
    patterns = [f"db/{n}/**" for n in range(500)]
    matches = compile_globs(patterns)
    assert matches("db/499/a.sql")
    assert not matches("db/500/a.sql")
    assert compile_globs(tuple(patterns)) is matches
    assert not compile_globs([])("a")


@given(st.lists(st.text("ab*?/.", max_size=8), max_size=4), st.text("ab/.", max_size=8))
def test_many_match_where_one_does(patterns: list[str], path: str) -> None:
    for compile_all in (compile_globs, compile_object_globs, compile_text_globs):
        assert compile_all(patterns)(path) == any(compile_all([one])(path) for one in patterns)


@given(st.text("ab*?(./", max_size=30), st.text("ab*(./", max_size=30))
def test_never_fails(pattern: str, text: str) -> None:
    for compile_all in (compile_globs, compile_object_globs, compile_text_globs):
        compile_all([pattern])(text)
