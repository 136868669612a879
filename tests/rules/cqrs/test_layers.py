"""Hard cases of the rules about layers: files, and the words that are marked with the object reported."""

from collections.abc import Mapping

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules

RULES = {rule.name: rule for rule in load_rules(entry_points=False)}

LAYERS = """
layers:
  - {name: common, paths: ["db/0/**"]}
  - {name: write, paths: ["db/1/**"], reads: [common, write], writes: [write]}
  - {name: read, paths: ["db/2/**"], reads: [common, write, read], writes: [read], read_models: {MODELS}}
  - {name: functions, paths: ["db/3/**"], reads: [common, write, read, functions], writes: [write, read]}
"""
BASE = {
    "db/0/a.sql": "create type c_state as enum ('on', 'off'); create domain c_money as numeric; create table c_kind (code text primary key);",
    "db/1/a.sql": "create table w_a (id uuid primary key, state c_state, amount c_money, kind text references c_kind);"
    "create table w_b (id uuid primary key, a_id uuid references w_a);",
    "db/2/a.sql": "create table r_x (id uuid primary key, state c_state, amount numeric not null, note text);"
    "create view v_a as select * from w_a; create materialized view mv_a as select id from w_a;",
}
REFRESH = "create function fn_refresh(p uuid) returns void language sql as 'insert into r_x (id, amount) select id, amount from w_a';"
NIGHT = "create function fn_night() returns void language plpgsql as $$ begin refresh materialized view mv_a; end $$;"


def found(name: str, files: Mapping[str, str], models: str = "{r_x: [w_a]}") -> list[tuple[str, str]]:
    texts = {**BASE}
    for path, text in files.items():
        texts[path] = texts.get(path, "") + text
    findings = check_texts(RULES[name], texts, LAYERS.replace("{MODELS}", models))
    return [(f.object, texts.get(f.path, "").encode()[f.span.start : f.span.end].decode()) for f in findings]


def routine(name: str, body: str, returns: str = "void") -> str:
    return f"create function {name}() returns {returns} language plpgsql as $$ -- é\nbegin {body}; end $$;"


DEPENDENCIES = [
    ({}, []),
    (
        {"db/1/b.sql": "alter table w_b add column x uuid references public.r_x;"},
        [("public.w_b", "public.r_x")],
    ),
    ({"db/1/b.sql": "create view w_v as select id from v_a;"}, [("public.w_v", "v_a")]),
    (
        {
            "db/1/b.sql": "create table w_c (s text default fn_s());",
            "db/3/a.sql": routine("fn_s", "return 'é'", "text"),
        },
        [("public.w_c", "fn_s")],
    ),
    ({"db/1/b.sql": routine("fn_w", "perform 1 from v_a")}, [("public.fn_w", "v_a")]),
    ({"db/0/b.sql": routine("fn_c", "perform 1 from v_a")}, []),
    ({"db/1/b.sql": "grant select on v_a to public; comment on view v_a is 'é';"}, []),
    (
        {"db/2/b.sql": routine("fn_q", "perform fn_z()"), "db/3/a.sql": routine("fn_z", "null")},
        [("public.fn_q", "fn_z")],
    ),
    (
        {
            "db/3/a.sql": routine("fn_t", "return null", "trigger"),
            "db/1/z.sql": "create trigger t after insert on w_a for each row execute function fn_t();",
        },
        [],
    ),
    (
        {
            "db/2/b.sql": routine("fn_t", "return null", "trigger"),
            "db/2/c.sql": "create trigger t after insert on w_a for each row execute function fn_t();",
        },
        [],
    ),
    (
        {
            "db/2/b.sql": routine("fn_t", "return null", "trigger"),
            "db/1/z.sql": "create trigger t after insert on w_a for each row execute function fn_t();",
        },
        [("public.w_a.t", "w_a")],
    ),
    ({"other/a.sql": routine("fn_o", "perform 1 from v_a")}, []),
]


@pytest.mark.parametrize(("files", "expected"), DEPENDENCIES)
def test_layer_dependency(files: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert found("layer-dependency", files) == expected


WRITES = [
    (
        {
            "db/3/a.sql": routine(
                "f", "insert into w_a(id) values (null); delete from r_x where true; truncate r_x"
            )
        },
        [],
    ),
    ({"db/2/b.sql": routine("f", "truncate w_a")}, [("public.f", "w_a")]),
    ({"db/1/b.sql": routine("f", "refresh materialized view mv_a")}, [("public.f", "mv_a")]),
    (
        {
            "db/2/b.sql": routine(
                "f", "with d as (delete from public.w_b returning id) insert into r_x (id) select id from d"
            )
        },
        [("public.f", "public.w_b")],
    ),
    (
        {"db/2/b.sql": "create rule r as on insert to v_a do instead insert into w_a (id) values (new.id);"},
        [("public.v_a", "w_a")],
    ),
    ({"db/2/b.sql": "insert into w_a (id) values (null);"}, []),
    ({"db/3/b.sql": routine("f", "insert into c_kind values ('é')")}, [("public.f", "c_kind")]),
    ({"db/2/b.sql": routine("f", "create temp table w_a2 (id int); insert into w_a2 values (1)")}, []),
]


@pytest.mark.parametrize(("files", "expected"), WRITES)
def test_layer_write(files: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert found("layer-write", files) == expected


R_X, MV = ("public.r_x", "r_x"), ("public.mv_a", "mv_a")
PATHS = [
    ({}, "{r_x: [w_a]}", [R_X, MV]),
    ({"db/3/a.sql": REFRESH + NIGHT}, "{r_x: [w_a]}", []),
    ({"db/3/a.sql": NIGHT + routine("f", "delete from r_x where true")}, "{r_x: [w_a]}", [R_X]),
    ({"db/3/a.sql": REFRESH + "refresh materialized view mv_a;"}, "{}", []),
    (
        {
            "db/3/a.sql": REFRESH
            + routine("f", "execute format('refresh materialized view %I', current_setting('a.b'))")
        },
        "{r_x: [w_a]}",
        [],
    ),
    (
        {
            "db/3/a.sql": NIGHT
            + "do $$ begin merge into r_x using w_a on w_a.id = r_x.id when matched then update set note = ''; end $$;"
        },
        "{}",
        [],
    ),
    (
        {"db/3/a.sql": REFRESH + "select cron.schedule('n', '0 3 * * *', 'refresh materialized view mv_a');"},
        "{r_x: [w_a]}",
        [],
    ),
    (
        {"db/3/a.sql": REFRESH + NIGHT, "db/2/b.sql": 'create table "R é" (id int);'},
        "{r_x: [w_a]}",
        [("public.R é", '"R é"')],
    ),
    (
        {"db/3/a.sql": REFRESH + NIGHT, "db/2/b.sql": 'create table "R é" (id int);'},
        "{}",
        [("public.R é", '"R é"')],
    ),
]


@pytest.mark.parametrize(("files", "models", "expected"), PATHS)
def test_projection_without_refresh_path(
    files: dict[str, str], models: str, expected: list[tuple[str, str]]
) -> None:
    assert found("projection-without-refresh-path", files, models) == expected


INSERT = "update w_a set kind = null where id is null"
STALE = [
    (routine("f", INSERT), [("public.f", "w_a")]),
    (routine("f", INSERT + "; perform fn_refresh(null)"), []),
    (routine("g", "perform fn_refresh(null)") + routine("f", INSERT + "; perform g()"), []),
    (routine("f", INSERT + "; execute 'select ' || now()"), []),
    (routine("f", INSERT) + routine("g", "perform f(); perform fn_refresh(null)"), []),
    (
        routine("f", INSERT)
        + routine("g", "perform f(); perform fn_refresh(null)")
        + routine("h", "perform f()"),
        [("public.f", "w_a")],
    ),
    (routine("f", "update w_b set a_id = null where true"), []),
    (
        routine("f", INSERT)
        + routine("t", "perform fn_refresh(new.id); return null", "trigger")
        + "create trigger t after update on w_a for each row execute function t();",
        [],
    ),
    (
        routine("f", "delete from w_a where true")
        + routine("t", "perform fn_refresh(new.id); return null", "trigger")
        + "create trigger t after update on w_a for each row execute function t();",
        [("public.f", "w_a")],
    ),
    (
        "alter table r_x add foreign key (id) references w_a on delete cascade;"
        + routine("f", "delete from w_a where true"),
        [],
    ),
]


@pytest.mark.parametrize(("text", "expected"), STALE)
def test_projection_not_refreshed_after_write(text: str, expected: list[tuple[str, str]]) -> None:
    assert (
        found("projection-not-refreshed-after-write", {"db/3/a.sql": REFRESH, "db/3/b.sql": text}) == expected
    )


DRIFT = [
    (routine("f", "insert into r_x (id, amount) select id, amount from w_a"), []),
    (routine("f", "insert into r_x (id, amount) select id from w_a"), [("public.f", "r_x")]),
    (routine("f", "insert into public.r_x (id, note) select id, 'é' from w_a"), [("public.f", "public.r_x")]),
    (routine("f", "insert into r_x select id, state from w_a"), []),
    (routine("f", "insert into r_x select * from w_a, w_b"), [("public.f", "r_x")]),
    (
        routine("f", "insert into r_x (id, amount, state) select id, amount, kind from v_b"),
        [("public.f", "kind")],
    ),
    (routine("f", "insert into r_x (amount, id) select id, amount from w_a"), [("public.f", "id")]),
    (
        routine("f", "insert into r_x (amount, id) select id, kind from v_b, (select 1 as one) q"),
        [("public.f", "id")],
    ),
    (routine("f", "insert into r_x (id, amount) select id, amount from v_b, (select 1 as one) q"), []),
    (
        routine(
            "f",
            "insert into r_x (id, amount, note) with q as (select id, state, amount from w_a) select id, amount, state from q",
        ),
        [],
    ),
    (
        routine("f", "insert into r_x (id, amount, note) values (null, 1), (null, 2, '')"),
        [("public.f", "r_x")],
    ),
    (routine("f", "insert into r_x (id, amount) select (s).* from (select w_a as s from w_a) as q"), []),
    (routine("f", "insert into r_x (id, amount) select id, amount from w_a union all select null, 1"), []),
    (
        routine(
            "f", "insert into r_x (id, amount, note) select id::uuid, 1::int, now()::timestamptz from w_a"
        ),
        [],
    ),
    (routine("f", "insert into r_x (id, amount) select id::text, 1 from w_a"), [("public.f", "id")]),
    (routine("f", "insert into w_a (id) select id, 1 from w_b"), []),
]


@pytest.mark.parametrize(("text", "expected"), DRIFT)
def test_projection_shape_drift(text: str, expected: list[tuple[str, str]]) -> None:
    view = "create view v_b as select id, kind, amount from v_k; create view v_k as select id, kind, amount from w_a;"
    got = found("projection-shape-drift", {"db/2/b.sql": view, "db/3/a.sql": text})
    assert [(name, mark.partition("::")[0]) for name, mark in got] == expected


SOURCES = [
    ("{r_x: [w_a]}", []),
    ("{r_x: [w_gone]}", [("public.r_x", "r_x")]),
    ("{r_gone: [w_a]}", [("r_gone", "")]),
    ("{public.r_x: [public.w_a, w_b]}", []),
]


@pytest.mark.parametrize(("models", "expected"), SOURCES)
def test_read_model_source_unknown(models: str, expected: list[tuple[str, str]]) -> None:
    assert found("read-model-source-unknown", {}, models) == expected


UNDECLARED = [
    ("select w_a.id, 1 from w_a join w_b on a_id = w_a.id", [("public.f", "w_b")]),
    ("select w_a.id, 1 from w_a join c_kind on kind = code", []),
    ("select id, 1 from v_b", []),
    ("select id, 1 from w_a where exists (select from w_b where a_id = w_a.id)", [("public.f", "w_b")]),
]


@pytest.mark.parametrize(("query", "expected"), UNDECLARED)
def test_read_model_source_undeclared(query: str, expected: list[tuple[str, str]]) -> None:
    files = {
        "db/2/b.sql": "create view v_b as select id from w_b;",
        "db/3/a.sql": routine("f", f"insert into r_x (id, amount) {query}"),
    }
    assert found("read-model-source-undeclared", files) == expected


def test_nothing_without_layers() -> None:
    texts = {**BASE, "db/1/b.sql": routine("f", "insert into r_x (id) select 1 from v_a")}
    for name in (
        "layer-dependency",
        "layer-write",
        "projection-without-refresh-path",
        "projection-shape-drift",
        "projection-not-refreshed-after-write",
        "read-model-source-unknown",
        "read-model-source-undeclared",
    ):
        assert check_texts(RULES[name], texts, "") == []
