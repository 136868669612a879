"""Hard cases of the rules about functions: (SQL, the words that are marked)."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules

RULES = {rule.name: rule for rule in load_rules(entry_points=False)}
TABLES = 'create table t (id int primary key, a int, b text); create table "Mixed T" (id int); create table s.u (id int);'


def plpgsql(body: str, head: str = "f()", returns: str = "void", options: str = "", declare: str = "") -> str:
    return f"create function {head} returns {returns} language plpgsql {options} as $$ -- é\n{declare} begin {body}; end $$;"


def sql(options: str, body: str, head: str = "f()", returns: str = "int") -> str:
    return f"create function {head} returns {returns} language sql {options} as $$ {body} $$;"


def marked(name: str, text: str) -> list[str]:
    return [text.encode()[f.span.start : f.span.end].decode() for f in check_texts(RULES[name], text, "")]


UNBOUNDED = [
    (plpgsql('delete from "Mixed T"'), ['"Mixed T"']),
    (plpgsql("delete from t using s.u"), []),
    (plpgsql("update t set a = 1 from s.u where t.id = u.id"), []),
    (plpgsql("create temp table x (a int); delete from x"), []),
    (plpgsql("with d as (delete from t returning id) insert into s.u select id from d"), ["t"]),
    (plpgsql("delete from t; insert into t select id from s.u"), []),
    (plpgsql("delete from t; insert into t select id from s.u where id = f.p", "f(p int)"), ["t"]),
    ("create function g() returns void language sql begin atomic delete from s.u; end;", ["s.u"]),
    ("create procedure g() language sql as 'update t set a = 1';", ["t"]),
]


@pytest.mark.parametrize(("text", "expected"), UNBOUNDED)
def test_unbounded_dml(text: str, expected: list[str]) -> None:
    assert marked("unbounded-dml", TABLES + text) == expected


VOLATILITY = [
    (sql("immutable", "select a from t"), ["t"]),
    (sql("immutable", "select 1 from pg_class"), []),
    (sql("immutable", "with t as (select 1 as a) select a from t"), []),
    (sql("stable", "select a from t"), []),
    (plpgsql("insert into t values (1)", "w()") + plpgsql("perform w()", options="stable"), ["w"]),
    (plpgsql("null", "w()") + plpgsql("perform w()", options="immutable"), []),
    (sql("immutable", "select nextval('s')::int"), ["nextval"]),
    (sql("stable", "select now()"), []),
    (sql("stable", "select random()::int"), ["random"]),
    (sql("immutable", "select to_char($1, 'x')", "f(d date)", "text"), []),
    (sql("stable", "select 1; notify x", returns="void"), ["notify"]),
    (sql("stable", "with x as (insert into t values (1) returning id) select id from x"), ["t"]),
    (
        plpgsql("return", declare="declare x timestamptz := clock_timestamp();", options="immutable"),
        ["clock_timestamp"],
    ),
    (
        "create function random() returns int immutable language sql as 'select 1';"
        + sql("immutable", "select random()"),
        [],
    ),
    (sql("", "select random()::int") + "alter function f() immutable;", ["random"]),
    (plpgsql("perform set_config('a.b', 'c', true)", options="stable"), ["set_config"]),
    ("create function f() returns date immutable language sql return current_date;", ["current_date"]),
    (plpgsql("create temp table x (a int)", options="stable"), ["create"]),
]


@pytest.mark.parametrize(("text", "expected"), VOLATILITY)
def test_function_volatility_wrong(text: str, expected: list[str]) -> None:
    assert marked("function-volatility-wrong", TABLES + text) == expected


SWALLOW = [
    (plpgsql("null; exception when unique_violation or others then null"), ["when"]),
    (plpgsql("null; exception when others then raise"), []),
    (plpgsql("null; exception when others then -- on purpose\n null"), ["when"]),
    (
        plpgsql(
            "begin null; exception when OTHERS then null; end; begin null; exception when others then return; end"
        ),
        ["when"],
    ),
    (plpgsql("null; exception when division_by_zero then null"), []),
]


@pytest.mark.parametrize(("text", "expected"), SWALLOW)
def test_exception_when_others_swallow(text: str, expected: list[str]) -> None:
    assert marked("exception-when-others-swallow", text) == expected


TEXT = "f(p text)"
DYNAMIC = [
    (plpgsql("execute 'select ' || quote_ident(p)", TEXT), []),
    (plpgsql("execute format('select %I', p)", TEXT), []),
    (plpgsql("execute 'select ' || p", "f(p int)"), []),
    (plpgsql("execute 'select ' || p::text", "f(p regclass)"), []),
    (plpgsql("execute 'select ' || length(p)", TEXT), []),
    (plpgsql("execute p", TEXT), []),
    (plpgsql("execute p", TEXT, options="security definer"), ["p"]),
    (plpgsql("execute concat('select ', p)", TEXT), ["concat"]),
    (
        plpgsql("for r in execute 'select ' || p loop null; end loop", TEXT, declare="declare r record;"),
        ["'select '"],
    ),
    (plpgsql("return query execute 'select ' || p using 3", TEXT, "setof int"), ["'select '"]),
    (plpgsql("open c for execute 'select ' || p", TEXT, declare="declare c refcursor;"), ["'select '"]),
    (plpgsql("execute 'select ' || \"P x\"", 'f("P x" varchar(20))'), ["'select '"]),
    (plpgsql("execute 'select ' || case when p = 'a' then 'x' else 'y' end", TEXT), []),
]


@pytest.mark.parametrize(("text", "expected"), DYNAMIC)
def test_dynamic_sql_injection(text: str, expected: list[str]) -> None:
    assert marked("dynamic-sql-injection", text) == expected


INTO = [
    (plpgsql("select id into x from t", declare="declare x int;"), ["select"]),
    (plpgsql("select id into strict x from t", declare="declare x int;"), []),
    (plpgsql("select exists (select from t) into x", declare="declare x bool;"), []),
    (
        plpgsql("select 1 into x; select id into x from t; select 2 into x", declare="declare x int;"),
        ["select"],
    ),
    (plpgsql("insert into t values (1) returning id into x", declare="declare x int;"), []),
]


@pytest.mark.parametrize(("text", "expected"), INTO)
def test_select_into_without_strict(text: str, expected: list[str]) -> None:
    assert marked("select-into-without-strict", text) == expected


RETURN = [
    (
        plpgsql(
            "if tg_op = 'INSERT' then return new; elsif tg_op = 'DELETE' then return old; end if",
            returns="trigger",
        ),
        [],
    ),
    (plpgsql("if new.a then return new; end if", returns="trigger"), ["f"]),
    (plpgsql("raise notice 'x'", returns="trigger"), ["f"]),
    (plpgsql("raise exception 'x'", returns="trigger"), []),
    (plpgsql("begin return new; end", returns="trigger"), []),
    (plpgsql("case when new.a then return new; end case", returns="trigger"), []),
    (plpgsql("null", returns="event_trigger"), []),
    (plpgsql("return new; exception when others then raise notice 'x'", returns="trigger"), ["f"]),
    (plpgsql("return new; exception when others then raise", returns="trigger"), []),
    (plpgsql("begin return new; exception when others then return null; end", returns="trigger"), []),
    (plpgsql("begin null; exception when others then return null; end; return new", returns="trigger"), []),
    (plpgsql("loop return new; end loop", returns="trigger"), []),
    (plpgsql("null", head='"S é".f()', returns="trigger"), ['"S é".f']),
]


@pytest.mark.parametrize(("text", "expected"), RETURN)
def test_trigger_function_missing_return(text: str, expected: list[str]) -> None:
    found = marked("trigger-function-missing-return", text)
    assert [word.rpartition(".")[2] for word in found] == [word.rpartition(".")[2] for word in expected]


TRIGGER = "create trigger g after update on t for each row execute function f();"
RECURSIVE = [
    (plpgsql("update t set a = 1; return null", returns="trigger") + TRIGGER, ["t"]),
    (plpgsql("update t set a = 1 where id = new.id; return null", returns="trigger") + TRIGGER, ["t"]),
    (
        plpgsql(
            "update t set a = 1 where id = new.id and a is distinct from 1; return null", returns="trigger"
        )
        + TRIGGER,
        [],
    ),
    (plpgsql("update t set a = 1 where id = new.a; return null", returns="trigger") + TRIGGER, []),
    (
        plpgsql(
            "if new.a <> 1 then update t set a = 1 where id = new.id; end if; return null", returns="trigger"
        )
        + TRIGGER,
        [],
    ),
    (plpgsql("update s.u set id = 1; return null", returns="trigger") + TRIGGER, []),
    (
        plpgsql("update t set a = 1 where id = new.id; return null", returns="trigger")
        + TRIGGER.replace("update on", "update of b on"),
        [],
    ),
    (
        plpgsql("update t set a = 1 where id = new.id; return null", returns="trigger")
        + TRIGGER.replace("row execute", "row when (pg_trigger_depth() = 0) execute"),
        [],
    ),
    (
        plpgsql("insert into t values (1); return null", returns="trigger")
        + TRIGGER.replace("update on", "insert on"),
        ["t"],
    ),
    (
        plpgsql("insert into t values (1) on conflict do nothing; return null", returns="trigger")
        + TRIGGER.replace("update on", "insert on"),
        [],
    ),
]


@pytest.mark.parametrize(("text", "expected"), RECURSIVE)
def test_recursive_trigger(text: str, expected: list[str]) -> None:
    assert marked("recursive-trigger", TABLES + text) == expected


def one(arguments: str, number: int = 1) -> str:
    return f"create function s.f({arguments}) returns int language sql as 'select {number}';"


OVERLOADS = [
    (one("a int") + one("a int, b int default 0"), 1),
    (one("a int, c int default 0") + one("a int, b text default ''"), 1),
    (one("") + one("a int default 0"), 1),
    (one("a int") + one("a int, b int"), 0),
    (one("a bigint, c int default 0") + one("a int, b text default ''"), 0),
    (one("a int") + one("a int, variadic b int[]"), 0),
    (one("a int") + one("a int, out b int, c int default 0"), 1),
    (one("a int, b int") + one("a int, b int, c int default 0").replace("s.f", "z.f"), 0),
    (one("a int") + one("a int, b int default 0") + "drop function s.f(int);", 0),
]


@pytest.mark.parametrize(("text", "count"), OVERLOADS)
def test_ambiguous_overload(text: str, count: int) -> None:
    assert len(marked("ambiguous-overload", text)) == count


BODIES = [
    ("if true then null; end if return", ["return"]),
    ("perform f(1,; null", [";"]),
    ("x := 3", ["x"]),
    ("raise notice '% %', 1", ["raise"]),
    ("insert into t valus (1)", ["valus"]),
    ("p.a := 3", []),
    ("while true loop null; end", [";"]),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_plpgsql_syntax_error(body: str, expected: list[str]) -> None:
    assert marked("plpgsql-syntax-error", plpgsql("null; " + body, "f(p s.comp)")) == expected


def test_do_block_is_checked() -> None:
    assert marked("plpgsql-syntax-error", "do $$ begin retrun; end $$;") == ["retrun"]


def test_subscript_with_equals_is_no_error() -> None:
    text = plpgsql('a[f(x => 1)] := 3; r."a=b" := 2', declare="declare a int[]; r record;")
    assert marked("plpgsql-syntax-error", text) == []


WRONG_TYPE = (
    "create table t (id int); create trigger g after insert on t for each row execute function f({});"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (plpgsql("null", returns="s.thing") + WRONG_TYPE.format(""), ["s.thing"]),
        (plpgsql("return null", returns="trigger") + WRONG_TYPE.format("'a'"), []),
        (
            plpgsql("null")
            + "create or replace "
            + plpgsql("return null", returns="trigger")[7:]
            + WRONG_TYPE.format(""),
            [],
        ),
    ],
)
def test_trigger_function_wrong_type(text: str, expected: list[str]) -> None:
    assert marked("trigger-function-wrong-type", text) == expected
