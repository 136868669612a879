"""The engine's parts by themselves: selection, spans, fingerprints, baseline, layers, tenancy, registry."""

from types import ModuleType

import pytest

from confiture_linter.config import parse_config
from confiture_linter.engine.baseline import (
    BaselineEntry,
    apply_baseline,
    baseline_text,
    entries_text,
    read_baseline,
)
from confiture_linter.engine.fingerprint import fingerprinted
from confiture_linter.engine.fix import FileChange, difference, edited
from confiture_linter.engine.layers import Layers
from confiture_linter.engine.memory import analyse_texts, check_texts, open_texts
from confiture_linter.engine.registry import AnyRule, load_rules
from confiture_linter.engine.selection import select_rules
from confiture_linter.engine.tenancy import Tenancies
from confiture_linter.model import (
    ConfigError,
    Edit,
    Finding,
    PluginError,
    Severity,
    Span,
    Suppression,
)
from confiture_linter.sources.split import element_end, token_end

RULES = load_rules(entry_points=False)
BY_NAME = {rule.name: rule for rule in RULES}


def config(text: str):
    return parse_config(text.encode(), "confiture.yaml")


# Spans ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("abc def", "abc"),
        ('"a b".c + 1', '"a b".c'),
        ('a . "x""y" , b', 'a . "x""y"'),
        ("'it''s' x", "'it''s'"),
        ("12.5)", "12.5"),
        ("é_ü$1 x", "é_ü$1"),
        (";", ";"),
        ("", ""),
    ],
)
def test_the_end_of_a_word(text: str, word: str) -> None:
    data = text.encode()
    assert data[: token_end(data, 0)].decode() == word


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("a int, b int)", "a int"),
        ("a numeric(10, 2) DEFAULT 1 , b int", "a numeric(10, 2) DEFAULT 1"),
        ("a text DEFAULT 'x,)' -- why, not\n, b", "a text DEFAULT 'x,)'"),
        ("a text DEFAULT $$x,)$$, b", "a text DEFAULT $$x,)$$"),
        ("a text DEFAULT $q$x,)$$ $q$, b", "a text DEFAULT $q$x,)$$ $q$"),
        ('"a,b" int /* , */)', '"a,b" int'),
        ("a int[3], b", "a int[3]"),
        ("a int DEFAULT (1 + (2))\n)", "a int DEFAULT (1 + (2))"),
        ("a int", "a int"),
        ("a int; b", "a int"),
        ("", ""),
    ],
)
def test_the_end_of_an_element(text: str, element: str) -> None:
    data = text.encode()
    assert data[: element_end(data, 0)].decode() == element


# Fingerprints and the baseline ----------------------------------------------------------------------------


def finding(rule: str = "r", path: str = "a.sql", about: str = "public.a", at: int = 0) -> Finding:
    return Finding(path, Span(at, at + 1), "message", about, rule=rule, family="f")


def test_fingerprints_do_not_move_with_lines() -> None:
    [one], [other] = fingerprinted([finding(at=0)]), fingerprinted([finding(at=99)])
    assert one.fingerprint == other.fingerprint
    assert len(one.fingerprint) == 64


def test_fingerprints_are_unique() -> None:
    findings = [finding(), finding(at=5), finding(rule="s"), finding(path="b.sql"), finding(about="public.b")]
    assert len({f.fingerprint for f in fingerprinted(findings)}) == 5


def test_fingerprints_of_equals_do_not_depend_on_others() -> None:
    first = fingerprinted([finding(at=1), finding(at=2)])
    second = fingerprinted([finding(rule="q"), finding(at=7), finding(rule="z"), finding(at=9)])
    assert [f.fingerprint for f in first] == [f.fingerprint for f in second if f.rule == "r"]


def test_fingerprints_of_paths_that_are_not_utf8() -> None:
    assert fingerprinted([finding(path="caf\udce9.sql")])[0].fingerprint


def test_a_real_finding_keeps_its_fingerprint_when_lines_move() -> None:
    sql = "CREATE TABLE a (x int);\nCREATE TABLE b (x int);\n"
    rule = BY_NAME["missing-primary-key"]
    before = [f.fingerprint for f in check_texts(rule, sql)]
    assert [f.fingerprint for f in check_texts(rule, "-- one\n\n" + sql.replace(";", ";\n\n"))] == before
    assert [f.fingerprint for f in check_texts(rule, "CREATE TABLE c (x int);" + sql)][1:] == before


def test_a_baseline_is_read_as_written(tmp_path) -> None:
    findings = [finding(at=1), finding(at=2), finding(about='public."é😀"'), finding(path="z.sql")]
    text = baseline_text(findings)
    path = tmp_path / "baseline.json"
    path.write_text(text)
    entries = read_baseline(str(path))
    assert entries_text(entries) == text
    assert BaselineEntry("a.sql", "r", "public.a", 2) in entries
    accepted, stale = apply_baseline(findings, entries)
    assert stale == []
    assert all(f.suppressed == Suppression("baseline") for f in accepted)


def test_a_baseline_counts() -> None:
    entries = (BaselineEntry("a.sql", "r", "public.a", 2), BaselineEntry("b.sql", "r", "x", 1))
    accepted, stale = apply_baseline([finding(at=n) for n in range(3)], entries)
    assert [f.suppressed is None for f in accepted] == [False, False, True]
    assert stale == [BaselineEntry("b.sql", "r", "x", 1)]
    _, stale = apply_baseline([finding()], entries)
    assert BaselineEntry("a.sql", "r", "public.a", 1) in stale


def test_a_baseline_leaves_alone_what_a_comment_silences() -> None:
    silenced = finding()._replace(suppressed=Suppression("comment", "why"))
    accepted, stale = apply_baseline([silenced], (BaselineEntry("a.sql", "r", "public.a", 1),))
    assert accepted == [silenced]
    assert len(stale) == 1


def test_a_missing_baseline_is_empty(tmp_path) -> None:
    assert read_baseline(str(tmp_path / "none.json")) == ()


def test_baseline_entries_are_one_a_line() -> None:
    assert entries_text(()) == '{"version": 1, "findings": [\n]}\n'
    assert len(baseline_text([finding(), finding(path="b.sql")]).splitlines()) == 4


def test_a_stale_entry_is_reported() -> None:
    from confiture_linter.engine.check import check

    workspace = open_texts({"a.sql": "SELECT 1;"})
    active = select_rules(RULES, workspace.config)
    stale = BaselineEntry("a.sql", "missing-primary-key", "public.gone", 1)
    checked = check(workspace, active, RULES, (stale,))
    assert [(f.rule, f.object) for f in checked.findings] == [("stale-baseline-entry", "public.gone")]
    assert checked.baseline_stale == [stale]


# Selection ------------------------------------------------------------------------------------------------

ALWAYS = {rule.name for rule in RULES if not rule.suppressible}


def selected(text: str = "{}", select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> set[str]:
    return {item.rule.name for item in select_rules(RULES, config(text), select, ignore)}


def test_what_cannot_be_suppressed_is_always_on() -> None:
    assert "syntax-error" in ALWAYS
    for arguments in (
        ("{}", ("naming",), ()),
        ("{}", (), ("robustness",)),
        ("lint: {ignore: [robustness]}", (), ()),
    ):
        assert selected(*arguments) >= ALWAYS


def test_selecting() -> None:
    keys = {rule.name for rule in RULES if rule.family == "keys"}
    assert selected(select=("keys",)) == keys | ALWAYS
    assert selected(select=("keys",), ignore=("missing-primary-key",)) == (keys | ALWAYS) - {
        "missing-primary-key"
    }
    assert selected(select=("all",)) == set(BY_NAME)
    assert selected(ignore=("all",)) == ALWAYS
    assert selected("lint: {preset: all, ignore: [keys]}") == (set(BY_NAME) - keys) | ALWAYS
    assert "missing-primary-key" in selected("lint: {ignore: [keys], select: [missing-primary-key]}")
    assert "missing-primary-key" not in selected("lint: {ignore: [missing-primary-key], select: [keys]}"), (
        "an ignored name beats a selected family"
    )


def test_severity_and_options() -> None:
    text = "lint: {rules: {identifier-too-long: {severity: error, options: {max_length: 9}}}}"
    [active] = [a for a in select_rules(RULES, config(text)) if a.rule.name == "identifier-too-long"]
    assert active.severity is Severity.ERROR
    assert active.options["max_length"] == 9
    assert BY_NAME["identifier-too-long"].options["max_length"] != 9


def test_all_unknown_names_at_once() -> None:
    text = """\
lint:
  select: [naming, nope1]
  ignore: [nope2]
  rules: {nope3: {severity: info}}
  per_path: {"**": {ignore: [nope4], severity: {nope5: info}}}
"""
    with pytest.raises(ConfigError) as caught:
        select_rules(RULES, config(text), ["nope6"])
    found = {problem.message.split()[-1]: problem.line for problem in caught.value.problems}
    assert found == {"nope1": 2, "nope2": 3, "nope3": 4, "nope4": 5, "nope5": 5, "nope6": 0}


@pytest.mark.parametrize("value", ["true", "'50'", "[50]", "5.5"])
def test_an_option_of_the_wrong_type(value: str) -> None:
    text = f"lint: {{rules: {{identifier-too-long: {{options: {{max_length: {value}}}}}}}}}"
    with pytest.raises(ConfigError, match="must be int"):
        select_rules(RULES, config(text))


# Layers and tenancy ---------------------------------------------------------------------------------------

LAYERS = """\
layers:
  - {name: common, paths: ["db/0/**"]}
  - {name: write, paths: ["db/1/**"], names: {table: "^w_"}}
  - {name: late, paths: ["db/**"]}
  - {name: read, names: {table: "^r_", view: "^v_"}}
"""


def test_layers() -> None:
    files = {
        "db/0/a.sql": "CREATE TABLE r_in_common (id int);",
        "db/1/sub/b.sql": "CREATE TABLE other (id int);",
        "db/9.sql": "CREATE TABLE w_x (id int);",
        "else.sql": "CREATE TABLE r_free (id int); CREATE VIEW v_free AS SELECT 1 AS a; CREATE TABLE w_free (id int);",
    }
    context = analyse_texts(files, LAYERS)
    layers = Layers(config(LAYERS))
    assert layers
    found = {
        t.name: getattr(layers.of(t), "name", None) for t in (*context.catalog.tables, *context.catalog.views)
    }
    assert found == {
        "r_in_common": "common",
        "other": "write",
        "w_x": "late",
        "r_free": "read",
        "v_free": "read",
        "w_free": None,
    }
    assert layers.named("write") is layers.of_path("db/1/x.sql")
    assert layers.named("nope") is None
    assert not Layers(config("{}"))


TENANCY = """\
tenancy: {column: tenant_id, type: uuid, root: w_tenant, tables: ["w_*", "app.*"], exempt: ["w_log_*"], setting: app.tenant_id}
"""


def test_tenancy() -> None:
    sql = """\
CREATE SCHEMA app;
CREATE TABLE w_tenant (tenant_id uuid PRIMARY KEY);
CREATE TABLE w_order (tenant_id uuid, id int);
CREATE TABLE w_log_x (id int);
CREATE TABLE other (tenant_id uuid);
CREATE TABLE app.t (id int);
CREATE VIEW v AS SELECT * FROM w_order o JOIN other USING (tenant_id) JOIN w_order p USING (tenant_id);
"""
    catalog = analyse_texts({"a.sql": sql}).catalog
    tenancy = Tenancies(config(TENANCY), catalog)
    tables = {table.name: table for table in catalog.tables}
    assert tenancy
    assert {name for name, table in tables.items() if tenancy.required(table)} == {"w_order", "t"}
    assert {name for name, table in tables.items() if tenancy.is_tenant(table)} == {"w_order"}
    assert tenancy.root is tables["w_tenant"]
    assert (tenancy.column, tenancy.type, tenancy.setting) == ("tenant_id", "uuid", "app.tenant_id")
    [view] = catalog.views
    assert [table.name for table in tenancy.reads_tenants(view)] == ["w_order"]
    assert not tenancy.required(view)
    nothing = Tenancies(config("{}"), catalog)
    assert not nothing
    assert not nothing.required(tables["w_order"])
    assert (nothing.root, nothing.column) == (None, "")


# Fixes ----------------------------------------------------------------------------------------------------


def test_edits_are_applied_from_the_end() -> None:
    data = "é a b c".encode()
    edits = [Edit("x", Span(3, 4), "long"), Edit("x", Span(7, 8), ""), Edit("x", Span(0, 0), "> ")]
    assert edited(data, edits).decode() == "> é long b "


def test_a_difference() -> None:
    change = FileChange("a.sql", "a.sql", b"a\r\nb\x0cb\n\xe9", b"a\r\nc\x0cb\n\xe9")
    assert difference([change]).splitlines(keepends=True)[3:] == [
        " a\r\n",
        *["-b\x0c", "b\n", "+c\x0c", "b\n"],
        " �\n",
        "\\ No newline at end of file\n",
    ]


# Registry -------------------------------------------------------------------------------------------------


def test_rules_are_sorted_and_unique() -> None:
    names = [rule.name for rule in RULES]
    assert names == sorted(set(names))
    aliases = [alias for rule in RULES for alias in rule.aliases]
    assert not set(aliases) & set(names)
    assert len(aliases) == len(set(aliases))
    families = {rule.family for rule in RULES}
    assert not families & set(names), "both select"


def test_a_rule_that_is_imported_elsewhere_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("imports_a_rule")
    module.rule_of_another = RULES[0]
    monkeypatch.setitem(__import__("sys").modules, "imports_a_rule", module)
    assert load_rules(["imports_a_rule"], entry_points=False) == RULES


def test_a_plugin_that_is_not_there() -> None:
    with pytest.raises(PluginError, match="cannot load rules from nowhere_to_be_found"):
        load_rules(["nowhere_to_be_found"], entry_points=False)


def test_no_rule_depends_on_the_order_of_declaration() -> None:
    assert all(isinstance(rule, AnyRule.__origin__) for rule in RULES)
