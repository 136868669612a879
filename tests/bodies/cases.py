"""Bodies and statements, each with what is wrong in it marked by « and »; PostgreSQL is asked whether that is so."""

from typing import NamedTuple

SCHEMA = """
CREATE TYPE pair AS (a int, b text);
CREATE TABLE t (id int PRIMARY KEY, name text, amount numeric, tags text[], created timestamptz DEFAULT now(), data jsonb);
CREATE TABLE u (id int PRIMARY KEY, t_id int REFERENCES t, note text);
CREATE TABLE p (id int PRIMARY KEY, pr pair);
CREATE TABLE logged (id int, what text);
CREATE VIEW v AS SELECT t.id, t.name AS label, u.note FROM t LEFT JOIN u ON u.t_id = t.id;
CREATE FUNCTION f1(x int) RETURNS int LANGUAGE sql AS 'SELECT x';
CREATE FUNCTION f2(x int, y int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT x + y';
CREATE FUNCTION of_row(r t) RETURNS text LANGUAGE sql AS 'SELECT r.name';
CREATE FUNCTION rows_of(k int) RETURNS TABLE (rid int, rname text) LANGUAGE sql AS 'SELECT id, name FROM t WHERE id >= k';
CREATE FUNCTION two(OUT one int, OUT other text) LANGUAGE sql AS 'SELECT 1, ''x''::text';
INSERT INTO t (id, name, amount) VALUES (1, 'one', 10), (2, 'two', 20);
INSERT INTO u VALUES (1, 1, 'n');
INSERT INTO p VALUES (1, ROW(1, 'b'));
"""


class Case(NamedTuple):
    """`made` is created, then `run`; the mark stands in either of them."""

    name: str
    made: str
    run: str = ""

    @property
    def text(self) -> str:
        """Everything that is linted, with its marks."""
        return self.made + "\n" + self.run


CASES: list[Case] = []


def _case(name: str, made: str, run: str = "") -> None:
    CASES.append(Case(name, made, run))


def _plpgsql(name: str, body: str, declare: str = "", returns: str = "void") -> None:
    """A function without arguments that is called once."""
    _case(
        name,
        f"CREATE FUNCTION z() RETURNS {returns} LANGUAGE plpgsql AS $$\nDECLARE\n  {declare}\nBEGIN\n  {body}\nEND $$;",
        "SELECT * FROM z();",
    )


def _sql(name: str, body: str, returns: str = "SETOF record", arguments: str = "") -> None:
    """A function in SQL, which PostgreSQL reads when it is created."""
    _case(name, f"CREATE FUNCTION z({arguments}) RETURNS {returns} LANGUAGE sql AS $$\n  {body}\n$$;")


def _trigger(name: str, body: str, event: str = "INSERT OR UPDATE ON logged", run: str = "") -> None:
    """A trigger function, attached and fired."""
    _case(
        name,
        f"CREATE FUNCTION z() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  {body}\n  RETURN NEW;\nEND $$;\n"
        f"CREATE TRIGGER tr BEFORE {event} FOR EACH ROW EXECUTE FUNCTION z();",
        run or "INSERT INTO logged VALUES (1, 'x'); UPDATE logged SET what = 'y';",
    )


# -- relations and columns of plain statements and views
_case("view: column", "CREATE VIEW z AS SELECT t.«nam» FROM t;")
_case("view: column twin", "CREATE VIEW z AS SELECT t.name FROM t;")
_case("view: bare column", "CREATE VIEW z AS SELECT «nam» FROM t;")
_case("view: column of a view", "CREATE VIEW z AS SELECT v.«name» FROM v;")
_case("view: column of a view twin", "CREATE VIEW z AS SELECT v.label FROM v;")
_case("view: function", "CREATE VIEW z AS SELECT «f9»(id) FROM t;")
_case("view: arity", "CREATE VIEW z AS SELECT «f1»(id, id) FROM t;")
_case("view: arity twin", "CREATE VIEW z AS SELECT f1(id), f2(id) AS b, f2(id, id) AS c FROM t;")
_case("view: relation", "CREATE VIEW z AS SELECT 1 FROM «tt»;")
_case("view: alias", "CREATE VIEW z AS SELECT «x».id FROM t AS y;")
_case("view: table hidden by its alias", "CREATE VIEW z AS SELECT «t».id FROM t AS y;")
_case("view: whole row", "CREATE VIEW z AS SELECT t, (t).id, of_row(t), t.of_row AS again FROM t;")
_case(
    "view: order by output", "CREATE VIEW z AS SELECT id AS k, count(*) AS n FROM t GROUP BY k ORDER BY n, k;"
)
_case("view: order by missing", "CREATE VIEW z AS SELECT id AS k FROM t ORDER BY «kk»;")
_case("view: where by output", "CREATE VIEW z AS SELECT id AS k FROM t WHERE «k» > 1;")
_case(
    "view: having by output",
    "CREATE VIEW z AS SELECT id AS k, count(*) AS n FROM t GROUP BY id HAVING «n» > 1;",
)
_case("view: group by output twin", "CREATE VIEW z AS SELECT id + 1 AS k FROM t GROUP BY k;")
_case("view: system column", "CREATE VIEW z AS SELECT t.ctid, xmin, tableoid FROM t;")
_case("view: cte", "CREATE VIEW z AS WITH c AS (SELECT id AS k FROM t) SELECT c.«id» FROM c;")
_case("view: cte twin", "CREATE VIEW z AS WITH c AS (SELECT id AS k FROM t) SELECT c.k FROM c;")
_case("view: cte columns", "CREATE VIEW z AS WITH c (k) AS (SELECT id FROM t) SELECT «id» FROM c;")
_case(
    "view: recursive cte",
    "CREATE VIEW z AS WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 3) SELECT n FROM c;",
)
_case(
    "view: recursive cte missing",
    "CREATE VIEW z AS WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT c.«m» + 1 FROM c WHERE n < 3) SELECT n FROM c;",
)
_case(
    "view: recursive cte bare missing",
    "CREATE VIEW z AS WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE «m» < 3) SELECT n FROM c;",
)
_case(
    "view: lateral",
    "CREATE VIEW z AS SELECT x.note FROM t, LATERAL (SELECT note FROM u WHERE u.t_id = t.«idd») x;",
)
_case(
    "view: lateral twin",
    "CREATE VIEW z AS SELECT x.note FROM t, LATERAL (SELECT note FROM u WHERE u.t_id = t.id) x;",
)
_case(
    "view: not lateral",
    "CREATE VIEW z AS SELECT x.note FROM t, (SELECT note FROM u WHERE u.t_id = «t».id) x;",
)
_case(
    "view: sub-select column", "CREATE VIEW z AS SELECT (SELECT u.«nte» FROM u WHERE u.t_id = t.id) FROM t;"
)
_case(
    "view: outer column", "CREATE VIEW z AS SELECT (SELECT max(note) FROM u WHERE t_id = name::int) FROM t;"
)
_case("view: sub-select bare", "CREATE VIEW z AS SELECT id FROM t WHERE id IN (SELECT «tid» FROM u);")
_case("view: using", "CREATE VIEW z AS SELECT t.name FROM t JOIN u USING («t_id»);")
_case("view: using twin", "CREATE VIEW z AS SELECT id, t.name FROM t JOIN u USING (id);")
_case("view: union order", "CREATE VIEW z AS SELECT id FROM t UNION SELECT t_id FROM u ORDER BY «t_id»;")
_case("view: union order twin", "CREATE VIEW z AS SELECT id FROM t UNION SELECT t_id FROM u ORDER BY id;")
_case("view: function rows", "CREATE VIEW z AS SELECT r.«name» FROM rows_of(1) AS r;")
_case("view: function rows twin", "CREATE VIEW z AS SELECT r.rid, rname FROM rows_of(1) AS r;")
_case("view: out columns", "CREATE VIEW z AS SELECT d.«third» FROM two() AS d;")
_case("view: out columns twin", "CREATE VIEW z AS SELECT d.one, d.other FROM two() AS d;")
_case("view: coldeflist", "CREATE VIEW z AS SELECT x.a, b FROM json_to_recordset('[]') AS x(a int, b text);")
_case(
    "view: coldeflist missing",
    "CREATE VIEW z AS SELECT x.«c» FROM json_to_recordset('[]') AS x(a int, b text);",
)
_case(
    "view: rows from",
    "CREATE VIEW z AS SELECT x.a, x.b FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY[1])) AS x(a, b);",
)
_case("view: ordinality", "CREATE VIEW z AS SELECT x, ordinality FROM unnest(ARRAY[1]) WITH ORDINALITY AS x;")
_case("view: values", "CREATE VIEW z AS SELECT x.column1, y.k FROM (VALUES (1)) x, (VALUES (1)) y(k);")
_case("view: values missing", "CREATE VIEW z AS SELECT y.«column1» FROM (VALUES (1)) y(k);")
_case("view: composite field", "CREATE VIEW z AS SELECT (pr).«c» FROM p;")
_case("view: composite field twin", "CREATE VIEW z AS SELECT (pr).a, (p.pr).b FROM p;")
_case("view: subscripts", "CREATE VIEW z AS SELECT tags[1], data['a'], (data ->> 'x') FROM t;")
_case("view: builtin arity", "CREATE VIEW z AS SELECT «upper»(name, name) FROM t;")
_case(
    "view: builtin arity twin",
    "CREATE VIEW z AS SELECT upper(name), round(amount, 2), coalesce(name, ''), format('%s', name) FROM t;",
)
_case("view: named argument", "CREATE VIEW z AS SELECT «f2»(x => 1, yy => 2);")
_case(
    "view: named argument twin",
    "CREATE VIEW z AS SELECT f2(x => 1, y => 2), f2(y => 3, x => 1) AS b, f2(1, y => 2) AS c;",
)
_case("view: star of missing alias", "CREATE VIEW z AS SELECT «x».* FROM t;")
_case(
    "view: join alias",
    "CREATE VIEW z AS SELECT j.note, j.name FROM (t JOIN u ON u.t_id = t.id) AS j (a, name, c, d, e, f, g, h, note);",
)
_case("view: window", "CREATE VIEW z AS SELECT row_number() OVER (PARTITION BY «nme» ORDER BY id) FROM t;")
_case("view: filter", "CREATE VIEW z AS SELECT count(*) FILTER (WHERE «nme» IS NULL) FROM t;")
_case("insert: column", "", "INSERT INTO logged (id, «wat») VALUES (2, 'x');")
_case("insert: select", "", "INSERT INTO logged (id, what) SELECT id, «nme» FROM t;")
_case("insert: select twin", "", "INSERT INTO logged (id, what) SELECT id, name FROM t;")
_case("insert: values outside", "", "INSERT INTO logged (id, what) VALUES (2, «name»);")
_case("update: target", "", "UPDATE t SET «nme» = 'x';")
_case("update: value", "", "UPDATE t SET name = «nme» || 'x';")
_case("update: from", "", "UPDATE t SET name = u.note FROM u WHERE u.«tid» = t.id;")
_case("update: from twin", "", "UPDATE t SET name = u.note FROM u WHERE u.t_id = t.id;")
_case("update: row", "", "UPDATE t SET (name, «amnt») = (SELECT note, id FROM u);")
_case("update: field", "", "UPDATE p SET pr.a = 2, pr.b = 'c';")
_case("update: field missing", "", "UPDATE p SET «pr».c = 2;")
_case("delete: using", "", "DELETE FROM u USING t WHERE u.t_id = t.«nr»;")
_case("delete: returning", "", "DELETE FROM u RETURNING «nte»;")
_case("delete: returning twin", "", "DELETE FROM u RETURNING u.note, id AS x;")
_case(
    "conflict: excluded",
    "",
    "INSERT INTO t (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.«nme»;",
)
_case(
    "conflict: excluded twin",
    "",
    "INSERT INTO t AS o (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.name || o.name WHERE o.id > 0;",
)
_case(
    "conflict: target",
    "",
    "INSERT INTO t (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET «nme» = 'x';",
)
_case("conflict: key", "", "INSERT INTO t (id, name) VALUES (1, 'x') ON CONFLICT («idd») DO NOTHING;")
_case(
    "merge: target", "", "MERGE INTO t USING u ON u.t_id = t.id WHEN MATCHED THEN UPDATE SET «nme» = u.note;"
)
_case(
    "merge: value", "", "MERGE INTO t USING u ON u.t_id = t.id WHEN MATCHED THEN UPDATE SET name = u.«nte»;"
)
_case(
    "merge: twin",
    "",
    "MERGE INTO t USING u ON u.t_id = t.id WHEN MATCHED THEN UPDATE SET name = u.note WHEN NOT MATCHED THEN INSERT (id, name) VALUES (u.id, u.note);",
)
_case(
    "merge: insert",
    "",
    "MERGE INTO t USING u ON u.t_id = t.id WHEN NOT MATCHED THEN INSERT (id, «nme») VALUES (u.id, u.note);",
)

# -- functions in SQL
_sql("sql: column", "SELECT t.«nme» FROM t", "SETOF text")
_sql("sql: bare column", "SELECT «nme» FROM t", "SETOF text")
_sql("sql: argument", "SELECT name FROM t WHERE id = k AND z.k > 0", "SETOF text", "k int")
_sql("sql: argument missing", "SELECT name FROM t WHERE id = «kk»", "SETOF text", "k int")
_sql("sql: argument field", "SELECT r.name FROM u", "SETOF text", "r t")
_sql("sql: argument field missing", "SELECT r.«nme» FROM u", "SETOF text", "r t")
_sql("sql: only argument", "SELECT «kk» + 1", "int", "k int")
_sql("sql: only argument twin", "SELECT k + 1", "int", "k int")
_sql("sql: function", "SELECT «f9»(1)", "int")
_sql("sql: arity", "SELECT «f1»()", "int")
_sql("sql: insert", "INSERT INTO logged (id, «wat») VALUES (1, 'x')", "void")
_sql("sql: relation", "SELECT id FROM «tt»", "SETOF int")
_sql("sql: returns table", "SELECT id, name FROM t", "TABLE (k int, l text)")
_case("sql: type of argument", "CREATE FUNCTION z(x «pare») RETURNS int LANGUAGE sql AS 'SELECT 1';")
_case("sql: percent type", "CREATE FUNCTION z(x t.«nme»%TYPE) RETURNS int LANGUAGE sql AS 'SELECT 1';")
_case("sql: atomic", "CREATE FUNCTION z() RETURNS text BEGIN ATOMIC SELECT «nme» FROM t; END;")

# -- PL/pgSQL: queries
_plpgsql("body: column", "PERFORM t.«nme» FROM t;")
_plpgsql("body: bare column", "PERFORM «nme» FROM t;")
_plpgsql("body: column twin", "PERFORM name, t.id FROM t;")
_plpgsql("body: relation", "PERFORM 1 FROM «tt»;")
_plpgsql("body: function", "PERFORM «f9»(1);")
_plpgsql("body: arity", "PERFORM «f1»(1, 2);")
_plpgsql("body: arity of assignment", "i := «f2»();", "i int;")
_plpgsql("body: named argument", "PERFORM f2(1, y => 2), «f2»(1, w => 2);")
_plpgsql("body: return query", "RETURN QUERY SELECT «nme» FROM t;", returns="SETOF text")
_plpgsql(
    "body: return query of out columns",
    "RETURN QUERY SELECT t.id, t.name FROM t ORDER BY 1;",
    returns="TABLE (k int, l text)",
)
_plpgsql("body: variable", "SELECT name INTO w FROM t WHERE id = k;", "k int := 1; w text;")
_plpgsql("body: variable missing", "SELECT name INTO w FROM t WHERE id = «kk»;", "k int := 1; w text;")
_plpgsql("body: variable missing in an expression", "k := «kk» + 1;", "k int := 1;")
_plpgsql("body: condition", "IF «kk» > 1 THEN NULL; END IF;", "k int := 1;")
_plpgsql("body: condition twin", "IF k > 1 OR FOUND THEN NULL; END IF;", "k int := 1;")
_plpgsql(
    "body: block label",
    "<<b>> DECLARE k int := 1; BEGIN b.k := k + b.k; PERFORM 1 FROM t WHERE id = b.k; END;",
    "k int := 2;",
)
_plpgsql("body: insert", "INSERT INTO logged (id, «wat») VALUES (1, 'x');")
_plpgsql("body: insert value", "INSERT INTO logged (id, what) VALUES (k, «w»);", "k int := 1;")
_plpgsql("body: update returning", "UPDATE t SET name = 'x' WHERE id = 1 RETURNING «nme» INTO w;", "w text;")
_plpgsql(
    "body: update returning twin", "UPDATE t SET name = 'x' WHERE id = 1 RETURNING name INTO w;", "w text;"
)
_plpgsql("body: update value", "UPDATE t SET name = w.«x»;", "w pair;")
_plpgsql(
    "body: conflict", "INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.«nme»;"
)
_plpgsql("body: cte", "WITH c AS (SELECT id AS k FROM t) SELECT c.«id» INTO w FROM c;", "w int;")
_plpgsql("body: cte twin", "WITH c AS (DELETE FROM u RETURNING id AS k) SELECT c.k INTO w FROM c;", "w int;")
_plpgsql("body: exception", "PERFORM 1; EXCEPTION WHEN others THEN RAISE NOTICE '%', SQLERRM;")
_plpgsql("body: raise", "RAISE NOTICE '%', «kk»;")
_plpgsql("body: temporary table", "CREATE TEMP TABLE w AS SELECT 1 AS n; PERFORM w.n FROM w;")

# -- PL/pgSQL: types, records, loops, cursors
_plpgsql("declare: percent type", "NULL;", "w t.«nme»%TYPE;")
_plpgsql("declare: percent type twin", "w := 'x';", "w t.name%TYPE; x w%TYPE;")
_plpgsql("declare: rowtype", "NULL;", "w «tt»%ROWTYPE;")
_plpgsql("declare: type", "NULL;", "w «pare»;")
_plpgsql("rowtype: field", "SELECT * INTO w FROM t LIMIT 1; RAISE NOTICE '%', w.«nme»;", "w t%ROWTYPE;")
_plpgsql(
    "rowtype: field twin",
    "SELECT * INTO w FROM t LIMIT 1; RAISE NOTICE '% %', w.name, w.tags[1];",
    "w t%ROWTYPE;",
)
_plpgsql("rowtype: assigned field", "w.«nme» := 'x';", "w t%ROWTYPE;")
_plpgsql("rowtype: assigned field twin", "w.name := 'x'; w.id := 4; INSERT INTO t VALUES (w.*);", "w t;")
_plpgsql("rowtype: of a table by name", "RAISE NOTICE '%', w.«nme»;", "w t;")
_plpgsql("composite: field", "RAISE NOTICE '%', w.«c»;", "w pair;")
_plpgsql("composite: field twin", "RAISE NOTICE '% %', w.a, w.b;", "w pair;")
_plpgsql(
    "record: loop field",
    "FOR r IN SELECT id, name FROM t LOOP RAISE NOTICE '%', r.«amount»; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: loop field twin",
    "FOR r IN SELECT id, name, amount * 2 AS twice FROM t LOOP RAISE NOTICE '% % %', r.id, r.name, r.twice; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: loop field in a query",
    "FOR r IN SELECT id FROM t LOOP PERFORM 1 FROM u WHERE u.t_id = r.«name»; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: loop star", "FOR r IN SELECT * FROM t LOOP RAISE NOTICE '%', r.«nme»; END LOOP;", "r record;"
)
_plpgsql(
    "record: loop star twin",
    "FOR r IN SELECT t.*, u.note FROM t LEFT JOIN u ON u.t_id = t.id LOOP RAISE NOTICE '% %', r.name, r.note; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: loop over a function",
    "FOR r IN SELECT * FROM rows_of(1) LOOP RAISE NOTICE '%', r.«name»; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: loop over a function twin",
    "FOR r IN SELECT * FROM rows_of(1) LOOP RAISE NOTICE '%', r.rname; END LOOP;",
    "r record;",
)
_plpgsql("record: into", "SELECT id, name INTO r FROM t; RAISE NOTICE '%', r.«amount»;", "r record;")
_plpgsql("record: into twin", "SELECT id, name INTO r FROM t; RAISE NOTICE '%', r.name;", "r record;")
_plpgsql(
    "record: into twice",
    "SELECT id INTO r FROM t; SELECT name INTO r FROM t; RAISE NOTICE '%', r.name;",
    "r record;",
)
_plpgsql(
    "record: into in branches",
    "IF 1 = 2 THEN SELECT id INTO r FROM t; ELSE SELECT name INTO r FROM t; END IF; RAISE NOTICE '%', r.name;",
    "r record;",
)
_plpgsql(
    "record: two loops",
    "FOR r IN SELECT id FROM t LOOP RAISE NOTICE '%', r.id; END LOOP; FOR r IN SELECT name FROM t LOOP RAISE NOTICE '%', r.name; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: two loops missing",
    "FOR r IN SELECT id FROM t LOOP RAISE NOTICE '%', r.id; END LOOP;\n  FOR r IN SELECT name FROM t LOOP RAISE NOTICE '%', r.«id»; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: assigned",
    "r := (1, 2); r := ROW(1); SELECT id INTO r FROM t; RAISE NOTICE '%', r.id;",
    "r record;",
)
_plpgsql(
    "record: dynamic loop",
    "FOR r IN EXECUTE 'SELECT 1 AS ' || 'n' LOOP RAISE NOTICE '%', r.n; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: constant dynamic loop",
    "FOR r IN EXECUTE 'SELECT id AS n FROM t' LOOP RAISE NOTICE '%', r.n; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: returning into",
    "UPDATE t SET name = 'q' WHERE id = 1 RETURNING id, name INTO r; RAISE NOTICE '%', r.«amount»;",
    "r record;",
)
_plpgsql(
    "record: returning into twin",
    "UPDATE t SET name = 'q' WHERE id = 1 RETURNING id, name INTO r; RAISE NOTICE '%', r.name;",
    "r record;",
)
_plpgsql(
    "record: nested loop",
    "FOR r IN SELECT id FROM t LOOP FOR s IN SELECT note FROM u WHERE t_id = r.id LOOP RAISE NOTICE '%', s.«id»; END LOOP; END LOOP;",
    "r record; s record;",
)
_plpgsql(
    "record: nested loop twin",
    "FOR r IN SELECT id FROM t LOOP FOR s IN SELECT note FROM u WHERE t_id = r.id LOOP RAISE NOTICE '% %', s.note, r.id; END LOOP; END LOOP;",
    "r record; s record;",
)
_plpgsql(
    "record: loop over values",
    "FOR r IN SELECT * FROM (VALUES (1, 'a')) x(n, w) LOOP RAISE NOTICE '%', r.w; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: loop over values missing",
    "FOR r IN SELECT * FROM (VALUES (1, 'a')) x(n, w) LOOP RAISE NOTICE '%', r.«column1»; END LOOP;",
    "r record;",
)
_plpgsql("cursor: column", "OPEN c; CLOSE c;", "c CURSOR FOR SELECT «nme» FROM t;")
_plpgsql("cursor: column twin", "OPEN c; CLOSE c;", "c CURSOR FOR SELECT name FROM t;")
_plpgsql("cursor: argument", "OPEN c(1); CLOSE c;", "c CURSOR (k int) FOR SELECT name FROM t WHERE id = k;")
_plpgsql(
    "cursor: loop field",
    "FOR r IN c LOOP RAISE NOTICE '%', r.«amount»; END LOOP;",
    "c CURSOR FOR SELECT id, name FROM t;",
)
_plpgsql(
    "cursor: loop field twin",
    "FOR r IN c LOOP RAISE NOTICE '%', r.name; END LOOP;",
    "c CURSOR FOR SELECT id, name FROM t;",
)
_plpgsql("cursor: open for", "OPEN c FOR SELECT «nme» FROM t; CLOSE c;", "c refcursor;")
_plpgsql(
    "cursor: where current",
    "OPEN c; FETCH c INTO r; UPDATE t SET name = 'x' WHERE CURRENT OF c; RAISE NOTICE '%', r.id;",
    "c CURSOR FOR SELECT id FROM t FOR UPDATE; r record;",
)
_plpgsql(
    "foreach", "FOREACH w IN ARRAY ARRAY['a'] LOOP PERFORM 1 FROM t WHERE name = w; END LOOP;", "w text;"
)
_plpgsql("integer loop", "FOR i IN 1..2 LOOP PERFORM 1 FROM t WHERE id = i; END LOOP;")

# -- PL/pgSQL: dynamic SQL
_plpgsql("execute: constant", "EXECUTE 'SELECT «nme» FROM t';")
_plpgsql("execute: constant twin", "EXECUTE 'SELECT name FROM t WHERE id = $1' USING 1;")
_plpgsql("execute: relation", "EXECUTE 'DELETE FROM «tt»';")
_plpgsql("execute: format", "EXECUTE format('SELECT «nme» FROM t WHERE name = %L', 'x');")
_plpgsql("execute: format twin", "EXECUTE format('SELECT name FROM t WHERE name = %L AND id = %s', 'x', 1);")
_plpgsql("execute: format relation", "EXECUTE format('DELETE FROM «tt» WHERE id = %L', 1);")
_plpgsql("execute: format identifier", "EXECUTE format('SELECT %I FROM %I', 'name', 't');")
_plpgsql("execute: dynamic", "EXECUTE 'SELECT 1 FROM ' || quote_ident('t');")

# -- aliases
_case(
    "alias for",
    "CREATE FUNCTION z(int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE k ALIAS FOR $1; BEGIN PERFORM 1 FROM t WHERE id = k; RETURN k; END $$;",
    "SELECT z(1);",
)
_case(
    "alias for missing",
    "CREATE FUNCTION z(int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE k ALIAS FOR $1; BEGIN RETURN «kk»; END $$;",
    "SELECT z(1);",
)
_case("unnest of two arrays", "CREATE VIEW z AS SELECT a, b FROM unnest(ARRAY[1], ARRAY['x']) AS x(a, b);")
_case(
    "argument: row",
    "CREATE FUNCTION z(r t) RETURNS text LANGUAGE plpgsql AS $$ BEGIN r.name := 'x'; RETURN r.«nme»; END $$;",
    "SELECT z(t) FROM t;",
)
_case(
    "argument: row twin",
    "CREATE FUNCTION z(r t) RETURNS text LANGUAGE plpgsql AS $$ BEGIN r.name := 'x'; RETURN r.name; END $$;",
    "SELECT z(t) FROM t;",
)
_case(
    "argument: qualified by the function",
    "CREATE FUNCTION z(id int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT t.name FROM t WHERE t.id = z.id); END $$;",
    "SELECT z(1);",
)
_plpgsql(
    "same name in two blocks",
    "DECLARE r pair; BEGIN r.a := 1; PERFORM r.b; END; DECLARE r t; BEGIN PERFORM r.name; END;",
)
_plpgsql(
    "record: in a handler",
    "BEGIN SELECT id INTO r FROM t; PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN RAISE NOTICE '%', r.id; END;",
    "r record;",
)
_plpgsql(
    "record: whole in a query",
    "FOR r IN SELECT * FROM t LOOP INSERT INTO logged SELECT r.id, r.name; PERFORM to_jsonb(r); END LOOP;",
    "r record;",
)
_plpgsql(
    "record: null test",
    "SELECT * INTO r FROM t WHERE id = 99; IF r IS NULL OR r.name IS NULL THEN NULL; END IF;",
    "r record;",
)
_plpgsql(
    "record: filled from a cursor",
    "OPEN c; FETCH c INTO r; RAISE NOTICE '%', r.«name»; CLOSE c;",
    "c CURSOR FOR SELECT id FROM t; r record;",
)
_plpgsql(
    "record: union",
    "FOR r IN SELECT id AS k FROM t UNION SELECT t_id FROM u LOOP RAISE NOTICE '%', r.«id»; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: from a cte",
    "FOR r IN WITH c AS (SELECT id AS k FROM t) SELECT * FROM c LOOP RAISE NOTICE '%', r.k; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: unnamed column",
    "FOR r IN SELECT count(*), max(id) AS top, upper('x') FROM t LOOP RAISE NOTICE '% % %', r.count, r.top, r.upper; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: json",
    "FOR r IN SELECT * FROM json_to_recordset('[{\"a\":1}]') AS x(a int) LOOP RAISE NOTICE '%', r.a; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: json missing",
    "FOR r IN SELECT * FROM json_to_recordset('[{\"a\":1}]') AS x(a int) LOOP RAISE NOTICE '%', r.«b»; END LOOP;",
    "r record;",
)

# -- what must not be taken for a mistake
_case(
    "path: set by the function",
    "CREATE SCHEMA app; CREATE TABLE app.t (own int);\nCREATE FUNCTION z() RETURNS int LANGUAGE plpgsql SET search_path = app AS $$ DECLARE w t; BEGIN SELECT t.own INTO w FROM t; RETURN w.own; END $$;",
    "SELECT z();",
)
_case(
    "path: set by an SQL function",
    "CREATE SCHEMA app; CREATE TABLE app.t (own int);\nCREATE FUNCTION z() RETURNS SETOF int LANGUAGE sql SET search_path = app AS 'SELECT own FROM t WHERE t.own > 0';",
    "SELECT z();",
)
_case(
    "path: set for a script",
    "CREATE SCHEMA app; CREATE TABLE app.t (own int); SET search_path = app;\nCREATE FUNCTION z() RETURNS SETOF int LANGUAGE sql AS 'SELECT own FROM t WHERE t.own > 0'; SELECT z(); CREATE VIEW zz AS SELECT own FROM t; SELECT t.own FROM t;",
)
_plpgsql(
    "temporary table hides a table",
    "CREATE TEMP TABLE t AS SELECT 1 AS n; PERFORM t.n FROM t; FOR r IN SELECT * FROM t LOOP PERFORM r.n; END LOOP;",
    "r record;",
)
_case(
    "variable conflict",
    "CREATE FUNCTION z(id int) RETURNS void LANGUAGE plpgsql AS $$\n#variable_conflict use_column\nBEGIN PERFORM id FROM t WHERE id = z.id; END $$;",
    "SELECT z(1);",
)
_case(
    "record argument",
    "CREATE FUNCTION z(OUT r record) LANGUAGE plpgsql AS $$ BEGIN SELECT id, name INTO r FROM t; RAISE NOTICE '%', r.name; END $$;",
    "SELECT z();",
)
_case(
    "view trigger",
    "CREATE FUNCTION z() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% %', NEW.label, OLD.note; RETURN NEW; END $$;\nCREATE TRIGGER tr INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION z();",
    "UPDATE v SET label = 'x';",
)
_case(
    "view trigger missing",
    "CREATE FUNCTION z() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', NEW.«name»; RETURN NEW; END $$;\nCREATE TRIGGER tr INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION z();",
    "UPDATE v SET label = 'x';",
)
_case(
    "rule",
    "CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE t SET name = NEW.label WHERE id = OLD.id;",
    "UPDATE v SET label = 'x';",
)
_case(
    "domain over a composite",
    "CREATE DOMAIN dp AS pair;\nCREATE FUNCTION z() RETURNS void LANGUAGE plpgsql AS $$ DECLARE w dp; BEGIN w.a := 1; RAISE NOTICE '%', w.b; END $$;",
    "SELECT z();",
)
_plpgsql("record: assigned from a function", "r := two(); RAISE NOTICE '% %', r.one, r.other;", "r record;")
_plpgsql(
    "record: star of a composite",
    "SELECT (pr).*, id INTO r FROM p; RAISE NOTICE '% %', r.a, r.id;",
    "r record;",
)
_plpgsql(
    "record: returning all",
    "INSERT INTO logged VALUES (5, 'q') RETURNING * INTO r; RAISE NOTICE '%', r.what;",
    "r record;",
)
_plpgsql(
    "record: returning all missing",
    "INSERT INTO logged VALUES (5, 'q') RETURNING * INTO r; RAISE NOTICE '%', r.«name»;",
    "r record;",
)
_plpgsql("record: into first", "SELECT INTO r id, name FROM t; RAISE NOTICE '%', r.name;", "r record;")
_plpgsql(
    "record: into strict",
    "SELECT id, name INTO STRICT r FROM t WHERE id = 1; RAISE NOTICE '%', r.name;",
    "r record;",
)
_plpgsql(
    "record: after the loop",
    "FOR r IN SELECT id FROM t LOOP NULL; END LOOP; SELECT name INTO r FROM t; RAISE NOTICE '%', r.name;",
    "r record;",
)
_plpgsql(
    "record: overwritten in its loop",
    "FOR r IN SELECT id FROM t LOOP SELECT note INTO r FROM u; RAISE NOTICE '%', r.note; END LOOP;",
    "r record;",
)
_plpgsql(
    "record: swapped",
    "SELECT id INTO r FROM t; s := r; SELECT name INTO r FROM t; RAISE NOTICE '% %', s.id, r.name;",
    "r record; s record;",
)
_plpgsql(
    "cursor: bound argument",
    "OPEN c(k := 1); FETCH c INTO r; RAISE NOTICE '%', r.name; CLOSE c; FOR q IN c(2) LOOP RAISE NOTICE '%', q.name; END LOOP;",
    "c CURSOR (k int) FOR SELECT name FROM t WHERE id = k; r record;",
)
_plpgsql(
    "cursor: refcursor",
    "OPEN c FOR SELECT id AS n FROM t; FETCH c INTO r; RAISE NOTICE '%', r.n; CLOSE c;",
    "c refcursor; r record;",
)
_plpgsql(
    "array: elements",
    "a[1] := 2; a[k] := a[1] + k; w.tags := ARRAY['x']; w.tags[2] := 'y'; RAISE NOTICE '% %', a[k], w.tags[2];",
    "a int[]; k int := 1; w t;",
)
_plpgsql(
    "array: of composites",
    "a[1] := ROW(1, 'x')::pair; RAISE NOTICE '%', (a[1]).b; FOREACH w IN ARRAY a LOOP RAISE NOTICE '%', w.a; END LOOP;",
    "a pair[]; w pair;",
)
_plpgsql(
    "control",
    "<<l>> LOOP k := k + 1; EXIT l WHEN k > 3; CONTINUE WHEN k = 2; END LOOP; CASE k WHEN 1, 2 THEN NULL; ELSE NULL; END CASE; FOR i IN REVERSE 3..1 BY 2 LOOP PERFORM i; END LOOP; WHILE k < 9 LOOP k := k + 1; END LOOP; ASSERT k > 0, 'x' || k; GET DIAGNOSTICS k = ROW_COUNT;",
    "k int := 1;",
)
_plpgsql(
    "handler variables",
    "BEGIN PERFORM 1 / 0; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS m = MESSAGE_TEXT; RAISE NOTICE '% % %', SQLSTATE, SQLERRM, m; END;",
    "m text;",
)
_plpgsql(
    "special values",
    "k := current_date; RAISE NOTICE '% % % %', current_user, now(), localtimestamp, k; RETURN;",
    "k date;",
)
_plpgsql("quoted names", '"Big" := 1; PERFORM "Big" + "Big"; K := "Big";', '"Big" int; k int;')
_plpgsql("constant and default", "RAISE NOTICE '% %', k, l;", "k CONSTANT int := 1; l int DEFAULT k + 1;")
_plpgsql("non-ASCII text in front", "RAISE NOTICE 'éé→ %', 'é'; PERFORM 'é', «nme» FROM t;")
_trigger(
    "trigger: guarded by its argument",
    "IF TG_NARGS > 0 AND TG_ARGV[0] = 'x' THEN RAISE NOTICE '%', NEW.elsewhere; END IF;",
)
_trigger(
    "trigger: of a table by name, elsewhere",
    "IF TG_TABLE_NAME = 'other_table' THEN RAISE NOTICE '%', NEW.elsewhere; END IF;",
)
_trigger(
    "trigger: row filled anew",
    "SELECT 7 AS id, 'q'::text AS what INTO NEW; RAISE NOTICE '%', NEW.what;",
    "INSERT ON logged",
    "INSERT INTO logged VALUES (1, 'x');",
)
_trigger(
    "trigger: row copied",
    "RAISE NOTICE '%', (NEW).what; PERFORM row_to_json(NEW.*), NEW::logged; NEW := OLD; NEW.what := 'x';",
    "UPDATE ON logged",
    "INSERT INTO logged VALUES (1, 'x'); UPDATE logged SET what = 'z';",
)
_case(
    "partitions",
    "CREATE TABLE pt (k int, d date, w text) PARTITION BY RANGE (d); CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');\nCREATE FUNCTION z() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.w := NEW.k; RETURN NEW; END $$;\nCREATE TRIGGER tr BEFORE INSERT ON pt1 FOR EACH ROW EXECUTE FUNCTION z();",
    "INSERT INTO pt VALUES (1, '2021-01-01');",
)
_case(
    "lateral function",
    "CREATE VIEW z AS SELECT t.id, e.elem, k.key FROM t, LATERAL unnest(t.tags) AS e(elem), jsonb_each(t.data) AS k;",
)
_case(
    "cross join alias columns",
    "CREATE VIEW z AS SELECT s.day, g FROM generate_series(now(), now(), '1 day') AS s(day), generate_series(1, 3) AS g;",
)
_case(
    "grouping sets",
    "CREATE VIEW z AS SELECT name AS n, count(*) AS c, grouping(name) AS g FROM t GROUP BY ROLLUP (name) ORDER BY c DESC, n;",
)
_case(
    "window names",
    "CREATE VIEW z AS SELECT sum(amount) OVER w AS s FROM t WINDOW w AS (PARTITION BY name ORDER BY id);",
)
_case("distinct on", "CREATE VIEW z AS SELECT DISTINCT ON (k) id % 2 AS k, name FROM t ORDER BY k, name;")
_case("natural join", "CREATE VIEW z AS SELECT id, name, note FROM t NATURAL JOIN u;")
_case("using of three", "CREATE VIEW z AS SELECT id FROM t JOIN u USING (id) JOIN p USING (id);")
_case("join using alias", "CREATE VIEW z AS SELECT j.id, t.name FROM t JOIN u USING (id) AS j;")
_case(
    "polymorphic calls",
    "CREATE VIEW z AS SELECT greatest(1, 2, 3), concat(1, 'a', NULL), num_nonnulls(1, 2), jsonb_build_object('a', 1, 'b', 2) AS o, make_interval(days => 3), json_build_array() AS j, format('%s') AS f;",
)
_case(
    "update with cte",
    "",
    "WITH c AS (SELECT id AS k, name AS w FROM t) UPDATE t SET name = c.w FROM c WHERE c.k = t.id RETURNING t.id, c.w;",
)
_case(
    "insert from cte",
    "",
    "WITH c AS (INSERT INTO logged VALUES (8, 'x') RETURNING id AS k) INSERT INTO logged (id) SELECT c.k FROM c;",
)
_case(
    "delete in cte order",
    "",
    "WITH gone AS (DELETE FROM u RETURNING *) SELECT gone.note, count(*) AS n FROM gone GROUP BY gone.note HAVING count(*) > 0 ORDER BY n;",
)

# -- NEW and OLD
_trigger("trigger: new", "NEW.«wat» := 'x';")
_trigger("trigger: new twin", "NEW.what := upper(NEW.what);")
_trigger("trigger: new read", "RAISE NOTICE '%', NEW.«wat»;")
_trigger("trigger: old", "IF TG_OP = 'UPDATE' THEN RAISE NOTICE '%', OLD.«wat»; END IF;")
_trigger("trigger: old twin", "IF TG_OP = 'UPDATE' THEN RAISE NOTICE '% %', OLD.what, OLD.id; END IF;")
_trigger(
    "trigger: in a query",
    "INSERT INTO u (id, note) VALUES (77, NEW.«note»);",
    "INSERT ON logged",
    "INSERT INTO logged VALUES (1, 'x');",
)
_trigger(
    "trigger: in a query twin",
    "INSERT INTO u (id, note) VALUES (77, NEW.what);",
    "INSERT ON logged",
    "INSERT INTO logged VALUES (1, 'x');",
)
_trigger(
    "trigger: in a sub-select",
    "PERFORM 1 FROM t WHERE t.id = NEW.id AND t.name = NEW.«name»;",
    "INSERT ON logged",
    "INSERT INTO logged VALUES (1, 'x');",
)
_trigger(
    "trigger: whole row",
    "PERFORM to_jsonb(NEW), NEW.*, NEW IS DISTINCT FROM NULL;",
    "INSERT ON logged",
    "INSERT INTO logged VALUES (1, 'x');",
)
_trigger(
    "trigger: of two tables by name",
    "IF TG_TABLE_NAME = 't' THEN RAISE NOTICE '%', NEW.name; END IF; RAISE NOTICE '%', NEW.id;",
    "INSERT ON logged",
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION z(); INSERT INTO logged VALUES (1, 'x'); INSERT INTO t (id, name) VALUES (9, 'x');",
)
_trigger(
    "trigger: of two tables missing",
    "RAISE NOTICE '%', NEW.«note»;",
    "INSERT ON logged",
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION z(); INSERT INTO logged VALUES (1, 'x');",
)
_trigger(
    "trigger: variables",
    "RAISE NOTICE '% %', TG_OP, TG_TABLE_NAME; PERFORM 1 FROM t WHERE name = TG_TABLE_NAME AND id = TG_NARGS;",
)
_case(
    "trigger: when",
    "CREATE FUNCTION z() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TRIGGER tr BEFORE INSERT ON logged FOR EACH ROW WHEN (NEW.«wat» IS NULL) EXECUTE FUNCTION z();",
)
_case(
    "trigger: transition table",
    "CREATE FUNCTION z() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM n.what FROM newer n; RETURN NULL; END $$;\nCREATE TRIGGER tr AFTER INSERT ON logged REFERENCING NEW TABLE AS newer FOR EACH STATEMENT EXECUTE FUNCTION z();",
    "INSERT INTO logged VALUES (1, 'x');",
)
_case("do: column", "", "DO $$ BEGIN PERFORM «nme» FROM t; END $$;")
_case(
    "do: column twin",
    "",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT name FROM t LOOP RAISE NOTICE '%', r.name; END LOOP; END $$;",
)
_case(
    "do: record field",
    "",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT name FROM t LOOP RAISE NOTICE '%', r.«id»; END LOOP; END $$;",
)
_case("later column", "ALTER TABLE t ADD COLUMN extra int;\nCREATE VIEW z AS SELECT t.extra FROM t;")
_case("inherited", "CREATE TABLE c (more int) INHERITS (t);\nCREATE VIEW z AS SELECT name, more FROM c;")

GAPS = frozenset(
    {"view: having by output", "view: not lateral", "view: composite field", "update: field missing"}
)
"""What PostgreSQL refuses and the linter does not see yet."""
