"""More cases of test_cases.py: what is a row, and which columns it has, where that is easy to get wrong."""

from tests.bodies.schema import Case, plpgsql, sql

ROWS = [
    # records and scopes
    plpgsql(
        "two loops, one record",
        "FOR r IN SELECT id FROM w_order LOOP PERFORM r.id; END LOOP; FOR r IN SELECT name FROM customer LOOP PERFORM r.«id»; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "two loops, one record, right",
        "FOR r IN SELECT id FROM w_order LOOP PERFORM r.id; END LOOP; FOR r IN SELECT name FROM customer LOOP PERFORM r.name; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "loop with inner fill",
        "FOR r IN SELECT id FROM w_order LOOP SELECT name INTO r FROM customer LIMIT 1; PERFORM r.name; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "after the loop",
        "FOR r IN SELECT id FROM w_order LOOP NULL; END LOOP; SELECT name INTO r FROM customer LIMIT 1; PERFORM r.name;",
        "r record;",
    ),
    plpgsql(
        "nested loops, again",
        "FOR r IN SELECT id FROM w_order LOOP FOR q IN SELECT no FROM w_line WHERE order_id = r.id LOOP PERFORM q.no, r.id; END LOOP; END LOOP;",
        "r record; q record;",
    ),
    plpgsql(
        "nested loops wrong",
        "FOR r IN SELECT id FROM w_order LOOP FOR q IN SELECT no FROM w_line WHERE order_id = r.id LOOP PERFORM q.«id»; END LOOP; END LOOP;",
        "r record; q record;",
    ),
    plpgsql(
        "blocks of one name on lines",
        "DECLARE r w_order;\nBEGIN\n PERFORM r.total;\nEND;\nDECLARE r customer;\nBEGIN\n PERFORM r.email;\nEND;",
    ),
    plpgsql(
        "blocks of one name on lines wrong",
        "DECLARE r w_order;\nBEGIN\n PERFORM r.total;\nEND;\nDECLARE r customer;\nBEGIN\n PERFORM r.«total»;\nEND;",
    ),
    plpgsql(
        "blocks of one name on a line",
        "DECLARE r w_order; BEGIN PERFORM r.total; END; DECLARE r customer; BEGIN PERFORM r.email; END;",
    ),
    plpgsql(
        "blocks of one name on a line wrong",
        "DECLARE r w_order; BEGIN PERFORM r.total; END; DECLARE r customer; BEGIN PERFORM r.«state»; END;",
    ),
    plpgsql(
        "inner hides outer", "DECLARE r customer; BEGIN PERFORM r.email; END; PERFORM r.total;", "r w_order;"
    ),
    plpgsql(
        "inner hides outer wrong",
        "DECLARE r customer; BEGIN PERFORM r.email; END; PERFORM r.«email»;",
        "r w_order;",
    ),
    # temporary tables
    plpgsql(
        "temp",
        "CREATE TEMP TABLE tt (k int, v text); INSERT INTO tt VALUES (1, 'x'); PERFORM k, tt.v FROM tt;",
    ),
    plpgsql("temp wrong", "CREATE TEMP TABLE tt (k int, v text); PERFORM tt.«w» FROM tt;"),
    plpgsql("temp insert wrong", "CREATE TEMP TABLE tt (k int, v text); INSERT INTO tt («w») VALUES (1);"),
    plpgsql(
        "temp as",
        "CREATE TEMP TABLE tt AS SELECT id, name AS n FROM customer; PERFORM n FROM tt; UPDATE tt SET n = 'x' WHERE id = 1; DROP TABLE tt;",
    ),
    plpgsql(
        "temp as wrong", "CREATE TEMP TABLE tt AS SELECT id, name AS n FROM customer; PERFORM «name» FROM tt;"
    ),
    plpgsql("temp altered", "CREATE TEMP TABLE tt (k int); ALTER TABLE tt ADD v text; PERFORM v FROM tt;"),
    plpgsql(
        "temp altered dynamically",
        "CREATE TEMP TABLE tt (k int); EXECUTE 'ALTER TABLE tt ADD v text'; PERFORM v FROM tt;",
    ),
    plpgsql(
        "temp altered dynamically by name",
        "CREATE TEMP TABLE tt (k int); EXECUTE format('ALTER TABLE %I ADD v text', 'tt'); PERFORM v FROM tt;",
    ),
    plpgsql(
        "temp twice",
        "CREATE TEMP TABLE tt (k int); DROP TABLE tt; CREATE TEMP TABLE tt (v int); PERFORM v FROM tt;",
    ),
    plpgsql("temp like", "CREATE TEMP TABLE tt (LIKE w_order); PERFORM total FROM tt;"),
    plpgsql("temp like wrong", "CREATE TEMP TABLE tt (LIKE w_order); PERFORM «email» FROM tt;"),
    plpgsql(
        "temp like and more",
        "CREATE TEMP TABLE tt (LIKE w_order INCLUDING ALL, extra int); PERFORM extra, state FROM tt;",
    ),
    plpgsql("temp hides a table", "CREATE TEMP TABLE plain (z int); PERFORM z FROM plain; DROP TABLE plain;"),
    plpgsql("temp in pg_temp", "CREATE TEMP TABLE tt (k int); PERFORM k FROM pg_temp.tt;"),
    plpgsql("temp if not exists", "CREATE TEMP TABLE IF NOT EXISTS tt (k int); PERFORM k FROM tt;"),
    plpgsql(
        "temp select into",
        "CREATE TEMPORARY TABLE tt ON COMMIT DROP AS WITH w AS (SELECT id FROM w_order) SELECT w.id AS oid2 FROM w; PERFORM oid2 FROM tt;",
    ),
    plpgsql(
        "temp row type",
        "CREATE TEMP TABLE tt (k int); INSERT INTO tt VALUES (1); FOR r IN SELECT * FROM tt LOOP PERFORM r.k; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "temp row type wrong",
        "CREATE TEMP TABLE tt (k int); INSERT INTO tt VALUES (1); FOR r IN SELECT * FROM tt LOOP PERFORM r.«v»; END LOOP;",
        "r record;",
    ),
    # transition tables
    Case(
        "transition",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.audit (what) SELECT n.b FROM fresh n; RETURN NULL; END $$;\nCREATE TRIGGER tr AFTER UPDATE ON plain REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y';",
    ),
    Case(
        "transition wrong",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.audit (what) SELECT n.«c» FROM fresh n; RETURN NULL; END $$;\nCREATE TRIGGER tr AFTER UPDATE ON plain REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y';",
    ),
    Case(
        "transition join wrong",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM fresh n JOIN stale o ON o.a = n.a WHERE o.«bb» <> n.b; RETURN NULL; END $$;\nCREATE TRIGGER tr AFTER UPDATE ON plain REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y';",
    ),
    Case(
        "transition of two tables",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM count(*) FROM fresh; RETURN NULL; END $$;\nCREATE TRIGGER tr AFTER UPDATE ON plain REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION f();\nCREATE TRIGGER tr AFTER UPDATE ON w_line REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y'; UPDATE w_line SET qty = 1;",
    ),
    # unnest, rows from
    sql("unnest of a parameter", "SELECT x + 1 FROM unnest(p) AS x", "SETOF int", "f(p int[])"),
    sql("unnest of a parameter wrong", "SELECT «y» FROM unnest(p) AS x", "SETOF int", "f(p int[])"),
    sql("unnest of parameter aliased", "SELECT u.v FROM unnest(p) AS u (v)", "SETOF int", "f(p int[])"),
    sql(
        "unnest of parameter aliased wrong", "SELECT u.«w» FROM unnest(p) AS u (v)", "SETOF int", "f(p int[])"
    ),
    sql("unnest of composites, again", "SELECT h.city FROM unnest(p) AS h", "SETOF text", "f(p addr[])"),
    sql("unnest of composites wrong", "SELECT h.«town» FROM unnest(p) AS h", "SETOF text", "f(p addr[])"),
    sql(
        "unnest of composites renamed",
        "SELECT h.s, h.city FROM unnest(p) AS h (s)",
        "TABLE (a text, b text)",
        "f(p addr[])",
    ),
    Case("unnest of a column", "SELECT t.tag FROM customer c, unnest(c.tags) AS t (tag);"),
    Case("unnest of a column wrong", "SELECT t.«tg» FROM customer c, unnest(c.tags) AS t (tag);"),
    Case(
        "unnest of a column of composites", "SELECT h.zip FROM person p CROSS JOIN LATERAL unnest(p.homes) h;"
    ),
    Case(
        "unnest of a column of composites wrong",
        "SELECT h.«zipp» FROM person p CROSS JOIN LATERAL unnest(p.homes) h;",
    ),
    Case("unnest two", "SELECT u.a, b FROM unnest(ARRAY[1, 2], ARRAY['x', 'y']) AS u (a, b);"),
    Case("unnest two wrong", "SELECT u.a, «c» FROM unnest(ARRAY[1, 2], ARRAY['x', 'y']) AS u (a, b);"),
    Case(
        "unnest ordinality",
        "SELECT t.tag, t.n FROM customer c, unnest(c.tags) WITH ORDINALITY AS t (tag, n);",
    ),
    Case(
        "unnest ordinality wrong",
        "SELECT t.«ordinality» FROM customer c, unnest(c.tags) WITH ORDINALITY AS t (tag, n);",
    ),
    Case(
        "unnest ordinality own name",
        "SELECT tag, ordinality FROM unnest(string_to_array('a,b', ',')) WITH ORDINALITY AS tag;",
    ),
    Case("unnest own name", "SELECT unnest FROM unnest(ARRAY[1]);"),
    Case("unnest own name wrong", "SELECT «element» FROM unnest(ARRAY[1]);"),
    Case(
        "rows from, again",
        "SELECT x.n, x.line_no, x.amount FROM ROWS FROM (generate_series(1, 2), lines_of(1)) AS x (n);",
    ),
    Case("rows from wrong", "SELECT x.«no» FROM ROWS FROM (generate_series(1, 2), lines_of(1)) AS x (n);"),
    Case(
        "rows from ordinality",
        "SELECT x.ordinality, x.first_value FROM ROWS FROM (pair(), lines_of(1)) WITH ORDINALITY AS x;",
    ),
    Case(
        "regexp",
        "SELECT m FROM customer, regexp_matches(name, 'a') AS m; SELECT s.part FROM regexp_split_to_table('a b', ' ') AS s (part);",
    ),
    Case("json_object_keys", "SELECT k FROM customer c, jsonb_object_keys(c.attrs) AS k WHERE k <> 'x';"),
    Case(
        "array elements",
        "SELECT e ->> 'x', t.value FROM jsonb_array_elements('[]') e, jsonb_array_elements_text('[]') t;",
    ),
    Case("array elements wrong", "SELECT t.«val» FROM jsonb_array_elements_text('[]') t;"),
    # xmltable, json_table
    Case(
        "xmltable wrong",
        "SELECT x.«c» FROM XMLTABLE('/r' PASSING (NULL::xml) COLUMNS a int PATH 'a', b text) x;",
    ),
    Case(
        "json_table",
        "SELECT j.a, b FROM customer c, JSON_TABLE(c.attrs, '$[*]' COLUMNS (a int PATH '$.a', NESTED PATH '$.l' COLUMNS (b text PATH '$'))) AS j;",
    ),
    Case(
        "json_table wrong",
        "SELECT j.«c» FROM customer k, JSON_TABLE(k.attrs, '$[*]' COLUMNS (a int PATH '$.a', NESTED PATH '$.l' COLUMNS (b text PATH '$'))) AS j;",
    ),
    Case(
        "json_table of what",
        "SELECT j.a FROM customer k, JSON_TABLE(k.«atrs», '$[*]' COLUMNS (a int PATH '$.a')) AS j;",
    ),
    # joins
    Case(
        "join alias wrong", "SELECT j.«total» FROM (plain p JOIN app.audit a ON p.a = a.id) AS j (x, y, z);"
    ),
    Case(
        "join alias right",
        "SELECT j.x, j.y, j.z, j.what FROM (plain p JOIN app.audit a ON p.a = a.id) AS j (x, y, z);",
    ),
    Case(
        "join alias star",
        "SELECT s.x, s.row_data FROM (SELECT * FROM (plain p JOIN app.audit a ON p.a = a.id) AS j (x, y)) s;",
    ),
    Case(
        "join alias star wrong",
        "SELECT s.«a» FROM (SELECT * FROM (plain p JOIN app.audit a ON p.a = a.id) AS j (x, y)) s;",
    ),
    Case("using alias", "SELECT k.id, o.total FROM customer JOIN w_order o USING (id) AS k;"),
    Case("using alias wrong", "SELECT k.«total» FROM customer JOIN w_order o USING (id) AS k;"),
    Case(
        "using star", "SELECT s.id, s.total FROM (SELECT * FROM customer JOIN w_order o USING (id) AS k) s;"
    ),
    Case("natural", "SELECT id, name, total FROM customer NATURAL JOIN w_order;"),
    # names of three parts
    Case("three parts", "SELECT app.audit.what, public.plain.a FROM app.audit, plain;"),
    Case("three parts wrong table", "SELECT «app.audt».what FROM app.audit;"),
    Case("three parts wrong column", "SELECT app.audit.«wat» FROM app.audit;"),
    Case("three parts aliased", "SELECT «app.audit».what FROM app.audit a;"),
    Case("three parts wrong schema", "SELECT «app.plain».a FROM plain;"),
    plpgsql("label.record.field", "<<b>> DECLARE r w_order; BEGIN PERFORM b.r.total; END;"),
    plpgsql("label.record.field wrong", "<<b>> DECLARE r w_order; BEGIN PERFORM b.r.«ttl»; END;"),
    plpgsql("label.record assigned", "<<b>> DECLARE r w_order; BEGIN b.r.total := 1; END;"),
    sql("argument.field", "SELECT p.city", "text", "f(p addr)"),
    sql("argument.field wrong", "SELECT p.«town»", "text", "f(p addr)"),
    sql("name.argument.field", "SELECT f.p.city", "text", "f(p addr)"),
    # composites
    Case("composite set", "UPDATE person SET home.city = 'x', homes[1].zip = 3;"),
    Case("composite set wrong", "UPDATE person SET home.«town» = 'x';"),
    Case("composite element set wrong", "UPDATE person SET homes[1].«zipp» = 3;"),
    Case("composite insert", "INSERT INTO person (id, home.city, home.zip) VALUES (2, 'c', 1);"),
    Case("composite insert wrong", "INSERT INTO person (id, home.«town») VALUES (2, 'c');"),
    Case("element field", "SELECT homes[1].street, (homes[1]).zip, (p.homes[1]).city FROM person p;"),
    Case("element field wrong", "SELECT homes[1].«strt» FROM person p;"),
    Case("element field wrong in parentheses", "SELECT (p.homes[1]).«strt» FROM person p;"),
    Case("star of composite", "SELECT (home).*, (p.home).city FROM person p;"),
    Case("function star", "SELECT (one_order(1)).total, (pair()).first_value;"),
    Case("function field wrong", "SELECT (one_order(1)).«ttl»;"),
    # having, group, order
    Case(
        "having by output", "SELECT customer_id AS k, count(*) AS n FROM w_order GROUP BY k HAVING «n» > 1;"
    ),
    Case(
        "group by output, again",
        "SELECT customer_id AS k, count(*) AS n FROM w_order GROUP BY k ORDER BY n, k;",
    ),
    Case("group by expression of output", "SELECT customer_id AS k, count(*) FROM w_order GROUP BY «k» + 1;"),
    Case("order by expression of output", "SELECT customer_id AS k FROM w_order ORDER BY «k» + 1;"),
    Case(
        "group by rollup of output",
        "SELECT customer_id AS k, state AS s, count(*) FROM w_order GROUP BY ROLLUP (k, s);",
    ),
    Case("distinct on output", "SELECT DISTINCT ON (k) customer_id AS k FROM w_order ORDER BY k;"),
    Case("window by output", "SELECT customer_id AS k, rank() OVER (ORDER BY «k») FROM w_order;"),
    Case(
        "named window by output",
        "SELECT customer_id AS k, rank() OVER w FROM w_order WINDOW w AS (ORDER BY «k»);",
    ),
    Case("where by output", "SELECT customer_id AS k FROM w_order WHERE «k» > 1;"),
    Case(
        "filter by output", "SELECT total AS t, count(*) FILTER (WHERE «t» > 1) FROM w_order GROUP BY total;"
    ),
    # triggers that tell tables apart
    Case(
        "apart",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_TABLE_NAME = 'plain' THEN NEW.b := 'x'; ELSIF TG_TABLE_NAME = 'w_line' THEN NEW.qty := 1; END IF; RETURN NEW; END $$;\nCREATE TRIGGER a BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER a BEFORE UPDATE ON w_line FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y'; UPDATE w_line SET qty = 3;",
    ),
    Case(
        "apart wrong",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_TABLE_NAME = 'plain' THEN NEW.«qty» := 1; ELSIF TG_TABLE_NAME = 'w_line' THEN NEW.qty := 1; END IF; RETURN NEW; END $$;\nCREATE TRIGGER a BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER a BEFORE UPDATE ON w_line FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y'; UPDATE w_line SET qty = 3;",
    ),
    Case(
        "apart, of none",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_TABLE_NAME = 'plain' THEN NEW.b := 'x'; END IF; NEW.«nope» := 1; RETURN NEW; END $$;\nCREATE TRIGGER a BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER a BEFORE UPDATE ON w_line FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y'; UPDATE w_line SET qty = 3;",
    ),
    Case(
        "apart by case",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN CASE TG_TABLE_NAME WHEN 'plain' THEN PERFORM NEW.b; WHEN 'w_line' THEN PERFORM NEW.qty, OLD.price; ELSE NULL; END CASE; RETURN NEW; END $$;\nCREATE TRIGGER a BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER a BEFORE UPDATE ON w_line FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y'; UPDATE w_line SET qty = 3;",
    ),
    Case(
        "apart by case wrong",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN CASE TG_TABLE_NAME WHEN 'plain' THEN PERFORM NEW.b; WHEN 'w_line' THEN PERFORM NEW.qty, OLD.«b»; ELSE NULL; END CASE; RETURN NEW; END $$;\nCREATE TRIGGER a BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER a BEFORE UPDATE ON w_line FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y'; UPDATE w_line SET qty = 3;",
    ),
    Case(
        "apart by leaving",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_TABLE_NAME = 'plain' THEN RETURN NEW; END IF; NEW.qty := 1; RETURN NEW; END $$;\nCREATE TRIGGER a BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER a BEFORE UPDATE ON w_line FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y'; UPDATE w_line SET qty = 3;",
    ),
    Case(
        "apart for another",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_TABLE_NAME <> 'plain' THEN NEW.elsewhere := 1; END IF; RETURN NEW; END $$;\nCREATE TRIGGER a BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y';",
    ),
    # search_path set in the body
    plpgsql("sets path", "SET LOCAL search_path = app; PERFORM «nope»;"),
    plpgsql(
        "sets path, variables",
        "PERFORM set_config('search_path', 'app', true); PERFORM n; INSERT INTO audit (what) VALUES ('x');",
        "n int;",
    ),
    plpgsql(
        "sets path, relation",
        "PERFORM set_config('search_path', 'app', true); PERFORM what FROM audit;",
        "n int;",
    ),
    # various
    plpgsql(
        "returning into record, again",
        "INSERT INTO w_order (id) VALUES (9) RETURNING id, total INTO r; PERFORM r.total;",
        "r record;",
    ),
    plpgsql(
        "returning into record wrong",
        "INSERT INTO w_order (id) VALUES (9) RETURNING id, total INTO r; PERFORM r.«state»;",
        "r record;",
    ),
    plpgsql(
        "returning star", "UPDATE w_order SET total = 1 RETURNING * INTO r; PERFORM r.state;", "r record;"
    ),
    plpgsql(
        "cursor for",
        "OPEN c FOR SELECT id FROM w_order; FETCH c INTO r; PERFORM r.id; CLOSE c;",
        "c refcursor; r record;",
    ),
    plpgsql(
        "bound cursor with argument",
        "FOR r IN c(1) LOOP PERFORM r.no; END LOOP;",
        "c CURSOR (k int) FOR SELECT no FROM w_line WHERE order_id = k;",
    ),
    plpgsql(
        "bound cursor wrong",
        "FOR r IN c(1) LOOP PERFORM r.«id»; END LOOP;",
        "c CURSOR (k int) FOR SELECT no FROM w_line WHERE order_id = k;",
    ),
    plpgsql("undeclared", "PERFORM «v_x»;"),
    plpgsql("undeclared in call", "PERFORM add_tax(«v_x»);"),
    plpgsql("undeclared in format", "RAISE NOTICE '%', «v_x»;"),
    plpgsql("undeclared assigned from", "n := «m» + 1;", "n int;"),
    plpgsql("undeclared in if", "IF «flag» THEN NULL; END IF;"),
    plpgsql("undeclared in where", "PERFORM 1 FROM w_order WHERE id = «v_id»;"),
    plpgsql("undeclared in insert values", "INSERT INTO plain VALUES («v_a», 'x');"),
    plpgsql("undeclared in execute using", "EXECUTE 'SELECT $1' USING «v_x»;"),
    plpgsql("undeclared in return query", "RETURN QUERY SELECT «v_x»;", "", "f()", "SETOF int"),
    plpgsql("undeclared in for bound", "FOR i IN 1..«n» LOOP NULL; END LOOP;"),
    plpgsql("undeclared array element", "PERFORM «xs»[1];"),
    plpgsql("array element", "PERFORM xs[1]; xs[2] := 3;", "xs int[];"),
    plpgsql(
        "merge in body",
        "MERGE INTO w_order o USING (SELECT 1 AS k) s ON s.k = o.id WHEN MATCHED THEN UPDATE SET total = s.«z»;",
    ),
    plpgsql("foreach slice", "FOREACH x IN ARRAY xs LOOP PERFORM x; END LOOP;", "xs int[] := '{1}'; x int;"),
    plpgsql("get diagnostics", "GET DIAGNOSTICS n = ROW_COUNT; PERFORM n;", "n int;"),
    plpgsql("dynamic into record", "EXECUTE 'SELECT id FROM w_order' INTO r; PERFORM r.id;", "r record;"),
    plpgsql(
        "dynamic into record wrong", "EXECUTE 'SELECT id FROM w_order' INTO r; PERFORM r.«no»;", "r record;"
    ),
    plpgsql("perform with cte", "WITH w AS (SELECT id FROM w_order) SELECT w.id INTO n FROM w;", "n int;"),
    plpgsql(
        "data-modifying cte",
        "WITH d AS (DELETE FROM w_line RETURNING order_id) INSERT INTO plain (a) SELECT d.«id» FROM d;",
    ),
    plpgsql(
        "for over function",
        "FOR r IN SELECT * FROM lines_of(1) LOOP PERFORM r.amount; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "for over function wrong",
        "FOR r IN SELECT * FROM lines_of(1) LOOP PERFORM r.«price»; END LOOP;",
        "r record;",
    ),
    plpgsql("type of", "n := 1;", "n w_order.total%TYPE;"),
    plpgsql("type of wrong", "n := 1;", "n w_order.«ttl»%TYPE;"),
    plpgsql("type of variable", "m := n;", "n w_order.total%TYPE; m n%TYPE;"),
    plpgsql("rowtype of none", "NULL;", "r «w_ordr»%ROWTYPE;"),
    plpgsql("unknown type, again", "NULL;", "r «w_ordr»;"),
    plpgsql("unknown array type", "NULL;", "r «moods»[];"),
    plpgsql("wrong arity", "PERFORM «lines_of»(1, 2);"),
    plpgsql("procedure, again", "CALL touch(1, n);", "n int;"),
    plpgsql("procedure unknown", "CALL «tuch»(1);"),
    plpgsql("cast to unknown type", "PERFORM 'x'::«moood»;"),
    plpgsql("wrong named argument", "PERFORM «add_tax»(amount => 1, rat => 2);"),
    Case(
        "xmltable of which",
        "CREATE VIEW v AS SELECT x.a, b, n FROM XMLTABLE('/r' PASSING (NULL::xml) COLUMNS a int PATH 'a', b text, n FOR ORDINALITY) x;",
    ),
]

__all__ = ["ROWS"]
