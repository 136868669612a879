"""Statements, elements, tokens and comments without the grammar."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confiture_linter.parse import ParseFailure, parse_statements
from confiture_linter.sources import comments, element_end, recover_boundaries, split_statements, token_end


def split(sql: str) -> list[str]:
    data = sql.encode()
    return [data[start:end].decode() for start, end in split_statements(data)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", []),
        (" ; ;-- x", []),
        ("select 1; -- c\n select ';' ; /* ; */ select \";\"", ["select 1", "select ';'", 'select ";"']),
        ("select 1 -- ;\n, 2 -- end", ["select 1 -- ;\n, 2"]),
        ("do $$ begin; end; $$; do $a$ ; $$ ; $a$;x", ["do $$ begin; end; $$", "do $a$ ; $$ ; $a$", "x"]),
        ("select 'it''s;', E'\\';', a$$b;c$$d", ["select 'it''s;', E'\\';', a$$b", "c$$d"]),
        ("create rule r as on insert to t do (a; b); c", ["create rule r as on insert to t do (a; b)", "c"]),
        (
            "create function f() begin atomic select case when a then 1 end; select 2; end; select 3",
            ["create function f() begin atomic select case when a then 1 end; select 2; end", "select 3"],
        ),
        ("begin; select case when x then end; end; c", ["begin", "select case when x then end", "end", "c"]),
        ("/* /* ; */ ; */ a; 'open ; b", ["a", "'open ; b"]),
        ("a; /* open ; b", ["a"]),
        ("é; b", ["é", "b"]),
    ],
)
def test_statements(sql: str, expected: list[str]) -> None:
    assert split(sql) == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(
    ["select 1", "select ';'", ";", "-- ;\n", "/* ; /* */ */", " ", "do $$;$$", "select $x$;$x$", "select e'\\';'",
     "create function f() returns int begin atomic select 1; select case when true then 1 end; end",
     'select ";"', "\n"]), max_size=8).map("".join))  # fmt: skip
def test_statements_are_those_of_the_grammar(sql: str) -> None:
    try:
        parsed = parse_statements(sql, len(sql))
    except ParseFailure:
        return
    assert [start for start, _ in split_statements(sql.encode())] == [
        statement.start + len(statement_text) - len(statement_text.lstrip())
        for statement in parsed
        for statement_text in [sql[statement.start : statement.end]]
    ]


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=60) | st.text("'\"$-/*;()a \n,E.\\", max_size=40).map(str.encode))
def test_nothing_fails(data: bytes) -> None:
    statements = split_statements(data)
    assert all(0 <= start < end <= len(data) for start, end in statements)
    assert statements == sorted(statements)
    for start, end in recover_boundaries(data, 0, len(data)):
        assert 0 <= start < end <= len(data)
    for at in range(len(data)):
        assert at < token_end(data, at) <= len(data)
        assert at <= element_end(data, at) <= len(data)
    for start, end in comments(data):
        assert data[start : start + 2] in (b"--", b"/*")
        assert start < end <= len(data)


def recovered(sql: str) -> list[str]:
    return [sql[start:end] for start, end in recover_boundaries(sql.encode(), 0, len(sql))]


def test_recovery() -> None:
    assert recovered("alter table a\ncreate table b (\n  c int;\nDROP table d; grant x\n") == [
        "alter table a", "create table b (\n  c int;", "DROP table d", "grant x",
    ]  # fmt: skip
    assert recovered("create table a (b text default 'x);\ncreate table c ();") == [
        "create table a (b text default 'x);\n", "create table c ()",
    ]  # fmt: skip
    body = (
        "create functio f() as $$\ninsert into t values (1);\ndrop table x;\n$$ -- x\n/*\ncreate table y\n*/"
    )
    assert recovered(body) == [body[: body.index(" -- x")]]


def text_at(sql: str, at: str, ends: str) -> str:
    data = sql.encode()
    start = data.index(at.encode())
    end = (token_end if ends == "token" else element_end)(data, start)
    return data[start:end].decode()


@pytest.mark.parametrize(
    ("sql", "at", "expected"),
    [
        ("create table t (a int -- c, d\n, b text)", "a int", "a int"),
        (
            "create table t (a int, b numeric(1,2) default f(1, ',') /* x */ )",
            "b num",
            "b numeric(1,2) default f(1, ',')",
        ),
        ("alter table t add a int[1,2], drop b;", "add", "add a int[1,2]"),
        ("alter table t drop b ; x", "drop", "drop b"),
        ("drop b", "b", "b"),
        ("(a text default 'é,' collate \"a,b\")", "a text", "a text default 'é,' collate \"a,b\""),
    ],
)
def test_elements(sql: str, at: str, expected: str) -> None:
    assert text_at(sql, at, "element") == expected


@pytest.mark.parametrize(
    ("sql", "at", "expected"),
    [
        ("select abc1$é+1", "abc", "abc1$é"),
        ('from "A b"."c""d" x', '"A', '"A b"."c""d"'),
        ("from a . b.c, d", "a ", "a . b.c"),
        ("count(t.*)", "t.", "t.*"),
        ("x 'it''s' y", "'it", "'it''s'"),
        ("x E'a\\'b' y", "E'", "E'a\\'b'"),
        ("a::int", "::", "::"),
        ("a <>-- b", "<>", "<>"),
        ("a ->> b", "->>", "->>"),
        ("1.5e3, 2", "1", "1.5e3"),
        ("f($1)", "$1", "$1"),
        ("as $x$ a $x$ b", "$x$", "$x$ a $x$"),
        ("(a", "(", "("),
    ],
)
def test_tokens(sql: str, at: str, expected: str) -> None:
    assert text_at(sql, at, "token") == expected


def test_comments() -> None:
    sql = b"-- a\r\nselect '-- no' /* b /* c */ */; do $$ begin -- d\n x := '--no'; /* e */ end $$; -- f"
    found = [sql[start:end].decode() for start, end in comments(sql)]
    assert found == ["-- a", "/* b /* c */ */", "-- d", "/* e */", "-- f"]
    assert [sql[start:end] for start, end in comments(sql, b"e")] == [b"/* e */"]
    assert list(comments(sql, b"confiture:")) == []
