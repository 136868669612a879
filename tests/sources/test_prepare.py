"""Equal length, always; and only what is not SQL is set aside."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confiture_linter.model import Span
from confiture_linter.parse import parse_statements
from confiture_linter.sources.prepare import Prepared, prepare


def prepared(sql: str, placeholders: dict[str, str] | None = None) -> Prepared:
    data = sql.encode()
    result = prepare(data, tuple((placeholders or {}).items()))
    assert len(result.text) == len(data)
    result.text.decode()
    assert lines(result.text) == lines(data)
    return result


def lines(data: bytes) -> list[int]:
    return [at for at, byte in enumerate(data) if byte == 10]


def words(sql: str, placeholders: dict[str, str] | None = None) -> list[str]:
    return prepared(sql, placeholders).text.decode().split()


def restored(sql: str, placeholders: dict[str, str] | None = None) -> str:
    """The text with its names put back, as the caller does with names of the parser."""
    result = prepared(sql, placeholders)
    text = result.text.decode()
    for token, value in result.substitutions:
        text = text.replace(token, value)
    return " ".join(text.split())


def parses(sql: str, placeholders: dict[str, str] | None = None) -> int:
    text = prepared(sql, placeholders).text
    return len(parse_statements(text.decode(), len(text)))


FRAGMENTS = [
    "select 1;", "'", "''", '"', "$$", "$a$", "--", "/*", "*/", "\n", "\r\n", "\\", "\\i x.sql", "\\gexec", "\\.",
    "copy t from stdin;", "COPY t FROM STDIN;", "\\copy t from stdin", ":a", ":'a'", ':"a"', "::", ":=", "[1:a]",
    "{{ a }}", "{{ f('x') }}", "${b}", "{% if x %}", "{# c #}", "@d@", "@extschema:e@", "%(f)s", "#{g}", "<%= h %>",
    "$(i)", "[% j %]", "é", "😀", "ɐ", "E'", "e'\\'", " ", "SCHEMA_NAME", ":owner", "-- +goose Down", "---\na: 1\n---",
    "-- migrate:up", "{{", "}}", "varchar(", ")", "{{\n a\n}}",
]  # fmt: skip
PLACEHOLDERS = (
    ("${b}", "app"),
    ("SCHEMA_NAME", "x.y"),
    (":owner", "me"),
    ("{{a}}", ""),
    ("@", "q"),
    ("ɐ", "w"),
)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=14).map("".join), st.booleans())
def test_any_text_keeps_its_length_and_its_lines(sql: str, declared: bool) -> None:
    data = sql.encode()
    placeholders = PLACEHOLDERS if declared else ()
    result = prepare(data, placeholders)
    assert len(result.text) == len(data)
    assert lines(result.text) == lines(data)
    result.text.decode()
    assert prepare(data, placeholders) == result
    for span in (
        *(span for _, span in result.commands),
        *(span for span, _ in result.unanalysed),
        *result.down,
    ):
        assert 0 <= span.start <= span.end <= len(data)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS[:40]), max_size=10).map(" ".join))
def test_preparing_twice_changes_nothing_that_psql_reads(sql: str) -> None:
    once = prepare(sql.encode())
    twice = prepare(once.text)
    assert len(twice.text) == len(once.text)


def test_plain_sql_is_the_same_object() -> None:
    data = b"select a::text, b[1:2] from t where c = '\\d' and d ~ '{{' /* :x */ -- ${y}\n;"
    assert prepare(data).text is data


@pytest.mark.parametrize(
    "sql",
    [
        "select '12:30'::time, x[1:n], x[a:b], x[1 :n], f(a := 1)",
        """select '{"a": {"b": :c}}', "x:y" """,
        "select 'it''s :x', E'\\':y ${z}'",
        "select json_object('a':b)",
        "select a @> b, c <% d, e %> f, @ -5, g % h",
        "/* \\i x /* ${n} */ :y */ -- \\q {{ z }}",
        "create function f() returns int as $$ begin a[1:n] := '\\d'; end $$ language plpgsql",
        "select $1, $2",
        "select 'a' as \":x\"",
        "select '{{1,2},{3,4}}'::int[], '{{', '}}'",
        "select U&'\\0041', B'1'",
    ],
)
def test_what_looks_like_a_placeholder_stays(sql: str) -> None:
    assert prepared(sql).text == sql.encode()


def test_meta_commands_become_spaces_and_are_told() -> None:
    sql = "\\set ON_ERROR_STOP on\n\\c app\nselect 1; \\echo done\n\\q\n"
    result = prepared(sql)
    assert result.text.split() == [b"select", b"1;"]
    assert [name for name, _ in result.commands] == ["set", "c", "echo", "q"]
    assert result.commands[2][1] == Span(sql.index("\\echo"), sql.index("\n\\q"))


def test_crlf_stays() -> None:
    assert prepared("\\echo a\r\nselect 1;\r\n").text == b"       \r\nselect 1;\r\n"


@pytest.mark.parametrize(
    ("line", "path", "relative"),
    [
        ("\\i a/b.sql", "a/b.sql", False),
        ("\\ir ../b.sql;", "../b.sql", True),
        ("\\include 'a b.sql'", "a b.sql", False),
        ('\\include_relative "b.sql"  ', "b.sql", True),
        ("\\i :dir/b.sql", ":dir/b.sql", False),
        ("\\i é.sql", "é.sql", False),
    ],
)
def test_includes(line: str, path: str, relative: bool) -> None:
    result = prepared(f"{line}\nselect 1;")
    assert [(each.path, each.relative) for each in result.includes] == [(path, relative)]
    assert result.text.split() == [b"select", b"1;"]


@pytest.mark.parametrize(
    "command", ["\\g", "\\gx", "\\gset p_", "\\gexec", "\\crosstabview", "\\watch 5", "\\gdesc"]
)
def test_commands_that_send_a_query_end_the_statement(command: str) -> None:
    assert parses(f"select 1 {command}\nselect 2;") == 2


def test_gexec_is_unanalysed() -> None:
    assert [reason for _, reason in prepared("select x \\gexec\n").unanalysed] == [
        "\\gexec runs SQL that a query makes"
    ]


def test_double_backslash_ends_a_command_and_semicolon_may_be_escaped() -> None:
    assert words("\\echo hi \\\\ select 1;") == ["select", "1;"]
    assert parses("select 1\\; select 2;") == 2


def test_no_commands_inside_bodies_strings_and_comments() -> None:
    sql = "do $$ begin perform '\\i x'; /* \\q */ end $$; select '\\echo'; -- \\q"
    assert prepared(sql).commands == ()
    assert prepared(sql).text == sql.encode()


def test_copy_data() -> None:
    sql = "COPY public.t (a, b) FROM stdin WITH (DELIMITER ';');\n1\tit's\n$$\té\n\\.\n\nselect 1;\n"
    assert parses(sql) == 2
    assert prepared(sql).text.split()[-2:] == [b"select", b"1;"]


def test_copy_data_to_the_end_of_the_file_and_with_crlf() -> None:
    assert parses("copy t from stdin;\r\na'b\r\n") == 1
    assert parses("/* c */ copy t from stdin;\r\na'b\r\n\\.\r\nselect 1;") == 2


def test_copy_from_a_file_has_no_data() -> None:
    sql = "copy t from '/tmp/x';\nselect 1;\n-- from stdin\nselect 2;"
    assert prepared(sql).text == sql.encode()


def test_client_side_copy() -> None:
    assert words("\\copy t from 'x.csv' csv\nselect 1;") == ["select", "1;"]
    assert words("\\copy t from stdin\n1\n2\n\\.\nselect 1;") == ["select", "1;"]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("create table :s.t (a int)", "create table :s.t (a int)"),
        ("select :'v'", "select 'v'"),
        ('alter table t owner to :"o"', 'alter table t owner to "o"'),
        ("create table ${schema}.tb_${kind}_x (a int)", "create table ${schema}.tb_${kind}_x (a int)"),
        ('create table {{ index .O "N" }}.t (a int)', 'create table {{ index .O "N" }}.t (a int)'),
        ("create table @extschema@.t (a int)", "create table @extschema@.t (a int)"),
        ("create table @extschema:x@.t (a int)", "create table @extschema:x@.t (a int)"),
        ("create table %(s)s.t (a int)", "create table %(s)s.t (a int)"),
        ("create table #{s}.t (a int)", "create table #{s}.t (a int)"),
        ("create table <%= s %>.t (a int)", "create table <%= s %>.t (a int)"),
        ("create table $(s).t (a int)", "create table $(s).t (a int)"),
        ("create table [% s %].t (a int)", "create table [% s %].t (a int)"),
        ('create table "{{ index .O "N" }}"."t" (a int)', 'create table "{{ index .O "N" }}"."t" (a int)'),
        ("select '{{ f('x') }}', '{{ y }}'", "select '{{ f('x') }}', '{{ y }}'"),
    ],
)
def test_undeclared_placeholders_parse_and_keep_their_spelling(sql: str, expected: str) -> None:
    assert parses(sql) == 1
    assert restored(sql) == expected


@pytest.mark.parametrize(
    ("sql", "placeholders", "expected"),
    [
        ("create table ${schema}.t (a int)", {"${schema}": "app"}, "create table app.t (a int)"),
        ("alter table t owner to :owner", {":owner": "me"}, "alter table t owner to me"),
        ('alter table t owner to :"owner"', {":owner": "me"}, 'alter table t owner to "me"'),
        (
            "create table SCHEMA_NAME.x_SCHEMA_NAME (a int)",
            {"SCHEMA_NAME": "s"},
            "create table s.x_SCHEMA_NAME (a int)",
        ),
        ("create table __S__.t (a int)", {"__S__": "s"}, "create table s.t (a int)"),
        ("create table @schema.t (a int)", {"@schema": "s"}, "create table s.t (a int)"),
        ("create table {schema}.t (a int)", {"{schema}": "s"}, "create table s.t (a int)"),
        ('create table "${schema}"."t" (a int)', {"${schema}": "s"}, 'create table "s"."t" (a int)'),
        ("create table {{schema}}.t (a int)", {"{{ schema }}": "s"}, "create table s.t (a int)"),
        ("create table {{ schema }}.t (a int)", {"{{schema}}": "s"}, "create table s.t (a int)"),
        ("select 1 limit ${n}", {"${n}": "10"}, "select 1 limit 10"),
        ("create table t (a int) ${tail};", {"${tail}": ""}, "create table t (a int) ;"),
        ("create table pre_${x}y (a int)", {"${x}": "app_"}, "create table pre_app_y (a int)"),
    ],
)
def test_declared_placeholders(sql: str, placeholders: dict[str, str], expected: str) -> None:
    assert parses(sql, placeholders) == 1
    assert restored(sql, placeholders) == expected


def test_strings_and_comments_keep_declared_placeholders() -> None:
    sql = "select '${s} SCHEMA_NAME :o'; -- ${s} SCHEMA_NAME :o"
    assert prepared(sql, {"${s}": "x", "SCHEMA_NAME": "y", ":o": "z"}).text == sql.encode()


def test_bodies_are_code_to_a_template_and_no_code_to_psql() -> None:
    sql = "create function f() returns int language sql as $$ select a from ${s}.t where b = :n $$"
    result = prepared(sql, {"${s}": "app"})
    assert restored(sql, {"${s}": "app"}) == sql.replace("${s}", "app")
    assert b":n" in result.text


def test_set_feeds_the_variables_of_its_file() -> None:
    sql = "\\set s 'app'\n\\set o me\ncreate table :s.t (a int);\nalter table :s.t owner to :o;"
    assert restored(sql) == "create table app.t (a int); alter table app.t owner to me;"
    assert restored(sql, {":o": "you"}) == "create table app.t (a int); alter table app.t owner to you;"


def test_each_placeholder_has_a_letter_of_its_own_also_beyond_the_block() -> None:
    sql = "select " + ", ".join(f"${{column_{n}}}" for n in range(200))
    result = prepared(sql)
    assert len(dict(result.substitutions)) == 200
    assert restored(sql) == sql
    assert parses(sql) == 1


def test_letters_of_the_file_are_left_out() -> None:
    assert restored("select ɐ, ${x}") == "select ɐ, ${x}"


def test_long_placeholders_do_not_make_names_that_postgresql_cuts() -> None:
    sql = "create table {{ " + "very_" * 20 + "long }}.t (a int)"
    assert max(len(word.encode()) for word in words(sql)) <= 63
    assert restored(sql).startswith("create table {{ very_very")


def test_type_lengths_stay_numbers() -> None:
    assert parses("create table t (a varchar({{ n }}), b numeric({{ p }}, {{ s }}))") == 1


def test_a_template_where_a_statement_begins_is_set_aside_and_told() -> None:
    sql = "{{ config(materialized='table') }}\n\n-- c\n{{ setup }};\nselect 1;"
    assert parses(sql) == 1
    assert len(prepared(sql).unanalysed) == 2


def test_template_blocks_are_set_aside_what_they_hold_is_not() -> None:
    sql = "{% if x %}\nselect 1;\n{% endif %}\n{# note #}\n<% if y %>select 2;<% end %>\n[% IF z %]select 3;[% END %]"
    assert parses(sql) == 3
    assert len(prepared(sql).unanalysed) == 7


@pytest.mark.parametrize(
    ("down", "up"),
    [
        ("-- +goose Down", "-- +goose Up"),
        ("-- +migrate Down", "-- +migrate Up"),
        ("-- migrate:down", "-- migrate:up"),
        ("---- create above / drop below ----", ""),
        ("-- Down Migration", "-- Up Migration"),
    ],
)
def test_down_sections(down: str, up: str) -> None:
    sql = f"{up}\ncreate table t (a int);\n{down}\ndrop table t;\n"
    assert parses(sql) == 1
    assert prepared(sql).down == (Span(sql.index(down), len(sql)),)
    assert prepared(sql).unanalysed == ()


def test_a_down_section_ends_where_the_next_up_section_begins() -> None:
    assert parses("-- migrate:down\ndrop table t;\n-- migrate:up\ncreate table t (a int);") == 1


def test_front_matter() -> None:
    assert parses("---\ntitle: x's\ntext: |\n  a\n\n  b\nlist:\n- 1\n---\nselect 1;") == 1
    assert parses("--- not yaml\nselect 1;\n---\nselect 2;") == 2
