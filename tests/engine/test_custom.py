"""Rules of the configuration: what each key demands, where it is marked, and what is refused."""

import pytest

from confiture_linter.config import parse_config
from confiture_linter.engine.custom import custom_rules
from confiture_linter.engine.files import File
from confiture_linter.engine.lint import findings_of
from confiture_linter.engine.memory import analyse_texts
from confiture_linter.engine.selection import select_rules
from confiture_linter.model import ConfigError, Finding, Severity
from confiture_linter.sources import source_from

LAYERS = "layers:\n  - {name: read, paths: ['r/**']}\n  - {name: write, paths: ['w/**']}\n"


def findings(rule: str, files: str | dict[str, str], before: str = "") -> list[Finding]:
    """What one custom rule, written as YAML, finds."""
    config = f"{before}lint:\n  custom:\n    - {rule}\n"
    context = analyse_texts({"db/x.sql": files} if isinstance(files, str) else files, config)
    rules = custom_rules(context.config)
    return findings_of(context, select_rules(rules, context.config))


def marks(rule: str, sql: str, before: str = "") -> list[str]:
    data = sql.encode()
    return [data[f.span.start : f.span.end].decode() for f in findings(rule, sql, before)]


def test_the_example_of_the_documentation() -> None:
    rule = """name: money-columns-are-numeric
      kind: column
      paths: ["db/**"]
      match: {name: "(amount|price|total)$"}
      require: {type: "numeric*"}
      forbid: {}
      severity: error
      message: "money is numeric, never floating point"
"""
    sql = "CREATE TABLE shop.item (/* é */ price double precision, total numeric(10,2), amount numeric, weight real);"
    (finding,) = findings(rule, sql)
    assert sql.encode()[finding.span.start :].startswith(b"double precision")
    assert finding.object == "shop.item.price"
    assert (finding.rule, finding.family) == ("money-columns-are-numeric", "custom")
    assert finding.severity is Severity.ERROR
    assert finding.message == "money is numeric, never floating point"
    assert finding.help == "column item.price has type double precision; required is numeric*"
    assert findings(rule, {"other/x.sql": sql}) == []


@pytest.mark.parametrize(
    ("rule", "sql", "marked"),
    [
        ("{name: r, kind: table, require: {prefix: w_}}", "CREATE TABLE s.w_a (id int); CREATE TABLE s.a (id int);", ["a"]),
        ("{name: r, kind: table, require: {name: '^w_'}}", 'CREATE TABLE s."W_a" (id int);', ['"W_a"']),
        ("{name: r, kind: table, forbid: {name: tmp}}", "CREATE TABLE my_tmp (id int); CREATE TEMP TABLE tmp (id int);", ["my_tmp"]),
        ("{name: r, kind: table, match: {schema: 'app*'}, require: {column: id}}", "CREATE TABLE app2.t (x int); CREATE TABLE b.t (x int);", ["t"]),
        ("{name: r, kind: table, require: {column: a}}", "CREATE TABLE t (b int); ALTER TABLE t ADD a int;", []),
        ("{name: r, kind: table, require: {column: a}}", "CREATE TABLE t AS SELECT * FROM elsewhere;", []),
        ("{name: r, kind: view, require: {column: a}}", "CREATE TABLE t (b int); CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;", ["v"]),
        ("{name: r, kind: materialized_view, require: {comment: true}}", "CREATE VIEW v AS SELECT 1 AS a; CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;", ["m"]),
        ("{name: r, kind: column, require: {comment: true}}", "CREATE TABLE t (a int, b int); COMMENT ON COLUMN t.b IS 'x';", ["a"]),
        ("{name: r, kind: column, match: {name: _id$}, require: {not_null: true}}", "CREATE TABLE t (a_id int NULL, b_id int NOT NULL, c int);", ["a_id int NULL"]),
        ("{name: r, kind: column, match: {name: _id$}, require: {not_null: true}}", "CREATE TABLE t (a_id int); ALTER TABLE t ADD PRIMARY KEY (a_id);", []),
        ("{name: r, kind: column, forbid: {type: timestamp}}", "CREATE TABLE t (a timestamp, b timestamptz, c timestamp without time zone);", ["timestamp", "timestamp"]),
        ("{name: r, kind: column, forbid: {type: 'character varying*'}}", "CREATE TABLE t (a varchar(5), b text);", ["varchar"]),
        ("{name: r, kind: column, forbid: {type: '*serial'}}", "CREATE TABLE t (a bigserial, b bigint);", ["bigserial"]),
        ("{name: r, kind: column, require: {type: citext}}", "CREATE TABLE t (a public.citext, b text);", ["text"]),
        ("{name: r, kind: function, forbid: {type: json}}", "CREATE FUNCTION f() RETURNS json LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS jsonb LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';", ["json"]),
        ("{name: r, kind: index, require: {name: _idx$}}", "CREATE TABLE t (a int UNIQUE); CREATE INDEX a_index ON t (a);", ["a_index"]),
        ("{name: r, kind: constraint, require: {name: '_(key|pkey)$'}}", "CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT b_unique UNIQUE);", ["b_unique"]),
        ("{name: r, kind: policy, forbid: {name: ' '}}", 'CREATE TABLE t (a int); CREATE POLICY "a b" ON t USING (true);', ['"a b"']),
        ("{name: r, kind: type, require: {comment: true}}", "CREATE TYPE s.t AS ENUM ('a'); CREATE DOMAIN s.d AS text; COMMENT ON DOMAIN s.d IS 'x';", ["t"]),
        ("{name: r, kind: trigger, require: {prefix: trg_}}", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER f BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();", ["f"]),
        ("{name: r, kind: view, forbid: {depends_on: 'old_*'}}", "CREATE TABLE s.old_a (id int); CREATE VIEW v AS SELECT * FROM s.old_a;", ["s.old_a"]),
        ("{name: r, kind: view, forbid: {depends_on: ['crm.*']}}", "CREATE VIEW v AS SELECT * FROM crm.person;", ["crm.person"]),
    ],
)  # fmt: skip
def test_demands(rule: str, sql: str, marked: list[str]) -> None:
    assert marks(rule, sql) == marked


def test_forbidden_layer() -> None:
    tree = {
        "r/a.sql": "CREATE TABLE r_a (id int); CREATE VIEW v_b AS SELECT * FROM r_a;",
        "w/b.sql": "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM r_a $$;",
    }
    (finding,) = findings("{name: r, kind: function, forbid: {depends_on: read}}", tree, LAYERS)
    assert finding.path == "w/b.sql"
    assert tree["w/b.sql"][finding.span.start :].startswith("r_a")
    assert finding.message == "function f depends on public.r_a of layer read"


def test_a_rule_can_be_ignored_and_exempted() -> None:
    rule = "{name: r, kind: table, require: {prefix: w_}}"
    sql = "CREATE TABLE a (id int); CREATE TABLE legacy_b (id int);"
    assert len(findings(rule, sql)) == 2
    assert len(findings(rule + "\n  rules: {r: {exempt: ['legacy_*']}}", sql)) == 1
    assert findings(rule + "\n  ignore: [r]", sql) == []
    assert findings(rule + "\n  ignore: [custom]", sql) == []


@pytest.mark.parametrize(
    ("rule", "key", "text"),
    [
        ("{name: r, kind: table, require: {type: int}}", "type", "require.type means nothing for kind table"),
        ("{name: r, kind: trigger, require: {comment: true}}", "comment", "require.comment means nothing for kind trigger"),
        ("{name: r, kind: index, forbid: {depends_on: x}}", "depends_on", "forbid.depends_on means nothing for kind index"),
        ("{name: r, kind: file, match: {schema: x}, require: {name: x}}", "schema", "match.schema means nothing for kind file"),
        ("{name: missing-primary-key, kind: table, require: {prefix: x}}", "name", "there is a rule missing-primary-key already"),
    ],
)  # fmt: skip
def test_refusals(rule: str, key: str, text: str) -> None:
    config = parse_config(f"lint:\n  custom:\n    - {rule}\n".encode(), "confiture.yaml")
    with pytest.raises(ConfigError) as caught:
        custom_rules(config, {"missing-primary-key"})
    (problem,) = caught.value.problems
    assert problem.message == text
    assert (problem.line, problem.column) == (3, 7 + rule.index(f"{key}:"))


def test_files() -> None:
    config = "lint: {custom: [{name: r, kind: file, paths: ['db/**'], require: {name: '^[0-9]{3}_'}}]}"
    context = analyse_texts({"db/010_a.sql": "SELECT 1;"}, config)
    context.files = [
        File(source_from(b"", path), position)
        for position, path in enumerate(["db/010_a.sql", "db/sub/b.sql", "other/c.sql"])
    ]
    (finding,) = findings_of(context, select_rules(custom_rules(context.config), context.config))
    assert (finding.path, finding.span) == ("db/sub/b.sql", (0, 0))
    assert finding.message == "file b.sql does not match ^[0-9]{3}_"
