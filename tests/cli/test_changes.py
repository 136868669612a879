"""`risk` and `explain --plan` as a person and a program use them."""

import json
from pathlib import Path

import jsonschema
from tests.cli.program import EXAMPLES, lint, write

LINTER = Path(__file__).parents[2] / "linter/confiture_linter"
TREE = {
    "schema.sql": "CREATE TABLE w_order (id int PRIMARY KEY, note text);\n",
    "m/0001_retype.sql": "-- é\nALTER TABLE w_order ALTER COLUMN id TYPE bigint;\n",
    "m/0002_drop.sql": "ALTER TABLE w_order DROP COLUMN note;\n",
    "snapshot.json": json.dumps(
        {
            "version": 1,
            "relations": {"public.w_order": {"rows": 9_000_000, "bytes": 900_000_000, "index_bytes": 1}},
        }
    ),
    "confiture.yaml": "schema: {roots: [schema.sql]}\nmigrations: {roots: [m], snapshot: snapshot.json}\n",
}


def schema(room: str, name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((LINTER / room / "schema" / name).read_text()))


def test_risk(tmp_path: Path) -> None:
    tree = write(tmp_path, TREE)
    run = lint("risk", "--format", "json", cwd=tree)
    assert (run.code, run.err) == (0, "")
    document = json.loads(run.out)
    schema("risk", "risk-1.json").validate(document)
    first, second = document["migrations"]
    assert (first["file"], first["version"], first["locking"]) == ("m/0001_retype.sql", "0001", "high")
    assert "9,000,000 rows" in first["reasons"]["performance"]
    assert (second["data_loss"], second["rollback"][:7]) == ("high", "Restore")
    assert lint("risk", "--format", "json", cwd=tree).out == run.out
    text = lint("risk", cwd=tree).out
    assert "locking        high" in text
    assert "★" in text


def test_risk_since_a_version(tmp_path: Path) -> None:
    tree = write(tmp_path, TREE)
    document = json.loads(lint("risk", "--since", "0001", "--format", "json", cwd=tree).out)
    assert [item["version"] for item in document["migrations"]] == ["0002"]
    run = lint("risk", "--since", "0007", cwd=tree)
    assert (run.code, run.out) == (2, "")
    assert "no migration has version 0007 (the last one is 0002)" in run.err


def test_risk_of_the_example() -> None:
    run = lint("risk", "--format", "json", cwd=EXAMPLES / "printoptim")
    schema("risk", "risk-1.json").validate(json.loads(run.out))


def test_nothing_to_judge(tmp_path: Path) -> None:
    tree = write(tmp_path, {"a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n"})
    assert lint("risk", "a.sql", cwd=tree).out == "No migrations to judge.\n"


def test_a_plan(tmp_path: Path) -> None:
    tree = write(tmp_path, TREE)
    run = lint("explain", "--plan", "m/0001_retype.sql:2", "--format", "json", cwd=tree)
    assert (run.code, run.err) == (0, "")
    document = json.loads(run.out)
    schema("engine", "plans-1.json").validate(document)
    assert [stage["transaction"] for stage in document["plans"][0]["stages"]] == [True, False, True, True]
    assert "2. Fill the old rows" in lint("explain", "--plan", "m/0001_retype.sql:2", cwd=tree).out
    for wrong, message in (("m/0001_retype.sql", "write FILE:LINE"), ("m/0001_retype.sql:9", "no statement")):
        run = lint("explain", "--plan", wrong, cwd=tree)
        assert (run.code, run.out) == (2, "")
        assert message in run.err


def test_rules_take_sizes_from_the_snapshot(tmp_path: Path) -> None:
    tree = write(tmp_path, TREE)

    def spoken() -> set[str]:
        return {
            finding["rule"]
            for finding in json.loads(lint("check", "--format", "json", cwd=tree).out)["findings"]
        }

    by_size = {"ddl-on-large-table", "rewrite-disk-headroom"}
    large = json.loads(TREE["snapshot.json"])
    large["relations"]["public.w_order"]["bytes"] = 90_000_000_000
    write(tree, {"snapshot.json": json.dumps(large)})
    assert spoken() >= by_size
    large["relations"]["public.w_order"] = {"rows": 9, "bytes": 9, "index_bytes": 9}
    write(tree, {"snapshot.json": json.dumps(large)})
    assert not spoken() & by_size, "the cache answered for another snapshot"
    write(tree, {"snapshot.json": "{"})
    run = lint("check", cwd=tree)
    assert run.code == 2
    assert run.err.startswith("error: ")
    assert run.err.endswith("snapshot is not JSON\n")
    assert "report" not in run.err
