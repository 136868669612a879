"""Every place that a fact names is the place in the file, in bytes, whatever stands before it."""

import pytest

from confiture_linter.engine.file_facts import file_facts
from confiture_linter.statements.facts import CreateFunction, Ref

BEFORE = ["", "-- é😀\n", "SELECT 'é😀';\r\n"]


def refs(sql: str) -> list[Ref]:
    found: list[Ref] = []
    for statement in file_facts("a.sql", sql.encode()).statements:
        found += statement.refs
        body = getattr(statement.fact, "body", None)
        if body is not None:
            found += body.refs
    return found


PLPGSQL = """CREATE FUNCTION f(p int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  é text := g(1);
  r app.kind;
BEGIN
  SELECT a INTO é FROM one WHERE id = p;
  PERFORM h(é);
  FOR r IN SELECT * FROM two LOOP
    INSERT INTO three VALUES (k(p)) RETURNING id INTO p;
  END LOOP;
  EXECUTE 'SELECT 1 FROM four';
  RETURN (SELECT count(*) FROM five);
END $$;"""


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("name", ["one", "two", "three", "four", "five", "g", "h", "k"])
def test_names_in_plpgsql(before: str, name: str) -> None:
    sql = before + PLPGSQL
    places = [ref.at for ref in refs(sql) if ref.name == name]
    assert len(places) == 1
    assert sql.encode()[places[0] :].decode().startswith(name)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIEW v AS SELECT t.x FROM target t",
        "CREATE TABLE a (id int REFERENCES target)",
        "CREATE TABLE a (id int, FOREIGN KEY (id) REFERENCES target (id))",
        "CREATE INDEX i ON target (x)",
        "CREATE TRIGGER t BEFORE INSERT ON target FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE POLICY p ON target USING (true)",
        "ALTER TABLE target ADD x int",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM target'",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM target; END",
        "DO $x$ BEGIN DELETE FROM target; END $x$",
        "INSERT INTO target SELECT 1",
        "GRANT SELECT ON target TO x",
        "CREATE TABLE a (LIKE target INCLUDING ALL)",
        "CREATE TABLE a PARTITION OF target DEFAULT",
        "WITH c AS (SELECT * FROM target) SELECT * FROM c",
        "REFRESH MATERIALIZED VIEW target",
        "CREATE RULE r AS ON INSERT TO target DO NOTHING",
    ],
)
def test_relations_in_every_kind_of_statement(before: str, sql: str) -> None:
    text = before + sql + ";"
    places = {ref.at for ref in refs(text) if ref.name == "target"}
    assert len(places) == 1
    assert text.encode()[places.pop() :].decode().startswith("target")


def test_types_that_libpg_query_does_not_know_are_no_error() -> None:
    sql = (
        "CREATE FUNCTION f(a app.kind, OUT b app.other[]) RETURNS app.other[] LANGUAGE plpgsql AS $$\n"
        "DECLARE r app.row_type; x CONSTANT app.kind := 'a'; BEGIN r.a := a; RETURN; END $$;"
    )
    fact = file_facts("a.sql", sql.encode()).statements[0].fact
    assert isinstance(fact, CreateFunction)
    assert fact.body is not None
    assert fact.body.problem == ""
    assert {ref.name for ref in refs(sql)} >= {"kind", "other", "row_type"}
