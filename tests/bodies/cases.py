"""The cases of test_cases.py; see schema.py for what the marks mean."""

from tests.bodies.cases_rows import ROWS
from tests.bodies.schema import Case, plpgsql, sql, trigger

STATEMENTS = [
    Case("view", "CREATE VIEW v AS SELECT o.«totl» FROM w_order o;"),
    Case("view twin", "CREATE VIEW v AS SELECT o.total FROM w_order o;"),
    Case("view bare", "CREATE VIEW v AS SELECT «totl» FROM w_order;"),
    Case("view of view", "CREATE VIEW v AS SELECT v_order.«state» FROM v_order;"),
    Case("view of view twin", "CREATE VIEW v AS SELECT v_order.customer FROM v_order;"),
    Case("alias hides name", "CREATE VIEW v AS SELECT «w_order».id FROM w_order o;"),
    Case("alias twin", "CREATE VIEW v AS SELECT o.id FROM w_order o;"),
    Case("no such alias", "CREATE VIEW v AS SELECT o.id FROM w_order o WHERE «c».id = 1;"),
    Case("whole row", "CREATE VIEW v AS SELECT o, row_to_json(o) AS j FROM w_order o;"),
    Case("functional notation", "CREATE VIEW v AS SELECT o.total_of FROM w_order o;"),
    Case("functional notation of none", "CREATE VIEW v AS SELECT o.«totals_of» FROM w_order o;"),
    Case("system columns", "SELECT ctid, o.xmin, o.tableoid::regclass FROM w_order o;"),
    Case("schema-qualified column", "SELECT public.w_order.id, app.audit.what FROM w_order, app.audit;"),
    Case("subquery", "SELECT * FROM (SELECT id AS k FROM w_order) s WHERE s.«id» = 1;"),
    Case("subquery twin", "SELECT * FROM (SELECT id AS k FROM w_order) s WHERE s.k = 1;"),
    Case(
        "outer reference",
        "SELECT id FROM customer c WHERE EXISTS (SELECT 1 FROM w_order o WHERE o.customer_id = c.«idd»);",
    ),
    Case(
        "outer reference twin",
        "SELECT id FROM customer c WHERE EXISTS (SELECT 1 FROM w_order o WHERE customer_id = c.id AND email = 'x');",
    ),
    Case(
        "lateral",
        "SELECT x.n FROM customer c, LATERAL (SELECT count(*) AS n FROM w_order o WHERE o.customer_id = c.id) x;",
    ),
    Case(
        "lateral output",
        "SELECT x.«m» FROM customer c, LATERAL (SELECT count(*) AS n FROM w_order o WHERE o.customer_id = c.id) x;",
    ),
    Case("cte", "WITH t AS (SELECT id, total AS t FROM w_order) SELECT t.«total» FROM t;"),
    Case("cte twin", "WITH t AS (SELECT id, total AS t FROM w_order) SELECT t.t FROM t;"),
    Case("cte column list", "WITH t (a, b) AS (SELECT id, total FROM w_order) SELECT a, t.b FROM t;"),
    Case("cte column list gone", "WITH t (a, b) AS (SELECT id, total FROM w_order) SELECT t.«id» FROM t;"),
    Case(
        "recursive cte",
        "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t;",
    ),
    Case(
        "returning in cte", "WITH t AS (UPDATE w_order SET total = 1 RETURNING id AS k) SELECT t.«id» FROM t;"
    ),
    Case(
        "returning in cte twin",
        "WITH t AS (UPDATE w_order SET total = 1 RETURNING id AS k) SELECT t.k FROM t;",
    ),
    Case("insert list", "INSERT INTO w_order (id, «totl») VALUES (2, 1);"),
    Case("insert list twin", "INSERT INTO w_order (id, total) VALUES (2, 1);"),
    Case("update set", "UPDATE w_order SET «totl» = 1;"),
    Case("update set value", "UPDATE w_order SET total = «totl» + 1;"),
    Case("update set twin", "UPDATE w_order o SET (total, state) = (total + 1, o.state);"),
    Case("update from", "UPDATE w_order SET total = c.id FROM customer c WHERE c.«idd» = customer_id;"),
    Case("delete using", "DELETE FROM w_line USING w_order o WHERE o.id = w_line.order_id AND o.«totl» > 1;"),
    Case("delete using twin", "DELETE FROM w_line USING w_order o WHERE o.id = order_id AND o.total > 1;"),
    Case(
        "conflict target", "INSERT INTO customer (id, name) VALUES (1, 'x') ON CONFLICT («idd») DO NOTHING;"
    ),
    Case(
        "conflict set",
        "INSERT INTO customer (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET «nme» = 'y';",
    ),
    Case(
        "excluded",
        "INSERT INTO customer (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.«nme»;",
    ),
    Case(
        "excluded twin",
        "INSERT INTO customer AS c (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.name || c.email WHERE c.name <> excluded.name;",
    ),
    Case("returning", "INSERT INTO customer (id, name) VALUES (3, 'x') RETURNING «idd»;"),
    Case("returning twin", "INSERT INTO customer (id, name) VALUES (3, 'x') RETURNING id, customer.name;"),
    Case(
        "merge set",
        "MERGE INTO w_order o USING customer c ON c.id = o.customer_id WHEN MATCHED THEN UPDATE SET «totl» = 1;",
    ),
    Case(
        "merge insert",
        "MERGE INTO w_order o USING customer c ON c.id = o.id WHEN NOT MATCHED THEN INSERT (id, «totl») VALUES (c.id, 1);",
    ),
    Case(
        "merge source",
        "MERGE INTO w_order o USING customer c ON c.«idd» = o.customer_id WHEN MATCHED THEN DO NOTHING;",
    ),
    Case(
        "merge twin",
        "MERGE INTO w_order o USING customer c ON c.id = o.customer_id WHEN MATCHED THEN UPDATE SET total = o.total + c.id WHEN NOT MATCHED THEN INSERT (id, total) VALUES (c.id, 1);",
    ),
    Case("table function", "SELECT l.«no» FROM lines_of(1) l;"),
    Case("table function twin", "SELECT l.line_no, amount FROM lines_of(1) AS l;"),
    Case("table function bare", "SELECT «price» FROM lines_of(1);"),
    Case("out parameters", "SELECT p.«third_value» FROM pair() p;"),
    Case("out parameters twin", "SELECT p.first_value, second_value FROM pair() p;"),
    Case("composite function", "SELECT o.«totl» FROM one_order(1) o;"),
    Case("composite function twin", "SELECT o.total, state FROM one_order(1) o;"),
    Case("columns defined at call", "SELECT x.k, v FROM any_rows() AS x (k int, v numeric);"),
    Case("columns defined at call, another", "SELECT x.«id» FROM any_rows() AS x (k int, v numeric);"),
    Case("rows from", "SELECT a, b.c FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY[1])) AS b (a, c);"),
    Case("ordinality", "SELECT g, ordinality FROM generate_series(1, 2) WITH ORDINALITY g;"),
    Case("ordinality renamed", "SELECT u.v, u.i FROM unnest(ARRAY['a']) WITH ORDINALITY AS u (v, i);"),
    Case("json recordset", "SELECT x.a, b FROM json_to_recordset('[]') AS x (a int, b text);"),
    Case("json each", "SELECT key, e.value FROM customer, jsonb_each(attrs) e;"),
    Case("json each, another", "SELECT e.«name» FROM customer c, jsonb_each(c.attrs) e;"),
    Case("series", "SELECT g, g.g FROM generate_series(1, 3) g;"),
    Case("series, another", "SELECT «h» FROM generate_series(1, 3) g;"),
    Case(
        "xmltable",
        "CREATE VIEW v AS SELECT x.a, b FROM XMLTABLE('/r' PASSING (NULL::xml) COLUMNS a int, b text) x;",
    ),
    Case("values", "SELECT v.a, b FROM (VALUES (1, 2)) v (a, b);"),
    Case("values, another", "SELECT v.«c» FROM (VALUES (1, 2)) v (a, b);"),
    Case("join using", "SELECT id, o.total FROM customer JOIN w_order o USING (id);"),
    Case(
        "join alias",
        "SELECT j.total, j.name FROM (w_order o JOIN customer c ON c.id = o.customer_id) AS j (a, b, total, d, e, f, name);",
    ),
    Case("order by output", "SELECT total * 2 AS doubled FROM w_order ORDER BY doubled;"),
    Case(
        "group by output", "SELECT date_trunc('day', placed_at) AS day, count(*) FROM w_order GROUP BY day;"
    ),
    Case("where cannot see output", "SELECT total * 2 AS doubled FROM w_order WHERE «doubled» > 1;"),
    Case("union order", "SELECT id AS k FROM w_order UNION SELECT id FROM customer ORDER BY k;"),
    Case("composite field", "SELECT (home).city, (p.home).zip, homes[1].street FROM person p;"),
    Case("composite field missing", "SELECT (p.home).«cty» FROM person p;"),
    Case("composite star", "SELECT (p.home).* FROM person p;"),
    Case("field of a call", "SELECT (one_order(1)).«totl»;"),
    Case("field of a call twin", "SELECT (one_order(1)).total, (pair()).second_value;"),
    Case("unknown function", "SELECT «ad_tax»(total) FROM w_order;"),
    Case(
        "function",
        "SELECT add_tax(total), add_tax(total, 0.1), add_tax(rate => 1, amount => total) FROM w_order;",
    ),
    Case("too many arguments", "SELECT «add_tax»(1, 2, 3);"),
    Case("too few arguments", "SELECT «add_tax»();"),
    Case("wrong name of argument", "SELECT «add_tax»(1, tax => 2);"),
    Case("named argument left out", "SELECT «add_tax»(rate => 2);"),
    Case("argument given twice", "SELECT «add_tax»(1, amount => 2);"),
    Case("variadic", "SELECT sum_all(1, 2, 3), sum_all(VARIADIC ARRAY[1]), sum_all(1);"),
    Case("arguments of a built-in", "SELECT «lower»('a', 'b');"),
    Case("named argument of a built-in", "SELECT make_interval(days => 2), make_interval(1, mins => 3);"),
    Case("wrong named argument of a built-in", "SELECT «make_interval»(fortnights => 2);"),
    Case("unknown relation", "SELECT 1 FROM «w_ordr»;"),
    Case("unknown type", "SELECT NULL::«moood»;"),
    Case("type", "SELECT 'calm'::mood, NULL::w_order, ARRAY['busy']::mood[];"),
    Case(
        "trigger condition",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';\nCREATE TRIGGER tr BEFORE UPDATE ON w_order FOR EACH ROW WHEN (NEW.«totl» > 1) EXECUTE FUNCTION f();",
    ),
    Case(
        "trigger condition twin",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';\nCREATE TRIGGER tr BEFORE UPDATE ON w_order FOR EACH ROW WHEN (NEW.total > OLD.total) EXECUTE FUNCTION f();",
    ),
]

FUNCTIONS = [
    sql("sql column", "SELECT o.«totl» FROM w_order o;", "numeric"),
    sql("sql column twin", "SELECT o.total FROM w_order o;", "numeric"),
    sql("sql bare", "SELECT «totl» FROM w_order;", "numeric"),
    sql("sql parameter", "SELECT total FROM w_order WHERE id = p_id;", "numeric", "f(p_id int)"),
    sql("sql parameter missing", "SELECT total FROM w_order WHERE id = «p_key»;", "numeric", "f(p_id int)"),
    sql(
        "sql parameter by function", "SELECT total FROM w_order WHERE id = f.p_id;", "numeric", "f(p_id int)"
    ),
    sql("sql composite parameter", "SELECT o.total;", "numeric", "f(o w_order)"),
    sql("sql composite parameter missing", "SELECT o.«totl»;", "numeric", "f(o w_order)"),
    sql("sql without from", "SELECT «amount» + 1;", "int", "f(a int)"),
    sql("sql without from twin", "SELECT amount + $1;", "int", "f(amount int)"),
    sql("sql call", "SELECT «tax_of»(1);", "numeric"),
    sql("sql insert", "INSERT INTO app.audit («wht») VALUES ('x');"),
    sql("sql insert twin", "INSERT INTO app.audit (what, row_data) SELECT name, attrs FROM customer;"),
    sql("sql later statement", "DELETE FROM plain; SELECT «c» FROM plain;", "int"),
    Case("atomic", "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT «c» FROM plain; END;"),
    Case(
        "atomic twin",
        "CREATE FUNCTION f(p int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a + p FROM plain; END;",
    ),
    Case("atomic return", "CREATE FUNCTION f(p int) RETURNS int LANGUAGE sql RETURN p + f.p;"),
    Case(
        "argument type of column",
        "CREATE FUNCTION f(p w_order.«totl»%TYPE) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    ),
    Case(
        "argument type of column twin",
        "CREATE FUNCTION f(p w_order.total%TYPE) RETURNS w_order.state%TYPE LANGUAGE sql AS 'SELECT NULL::text';",
    ),
]

BODIES = [
    plpgsql("select into", "SELECT «totl» INTO n FROM w_order;", "n numeric;"),
    plpgsql("select into twin", "SELECT total INTO n FROM w_order;", "n numeric;"),
    plpgsql("perform", "PERFORM o.«totl» FROM w_order o;"),
    plpgsql("perform twin", "PERFORM o.total FROM w_order o WHERE o.id = n;", "n int := 1;"),
    plpgsql("unknown name", "n := «m» + 1;", "n int;"),
    plpgsql("unknown name twin", "n := m + 1;", "n int; m int := 1;"),
    plpgsql("unknown plain name", "n := «m»;", "n int;"),
    plpgsql("unknown name returned", "RETURN «m»;", returns="int"),
    plpgsql("unknown name in condition", "IF «m» > 1 THEN NULL; END IF;"),
    plpgsql("condition twin", "IF found OR m > 1 THEN NULL; END IF;", "m int := 1;"),
    plpgsql("unknown in case", "CASE «m» WHEN 1 THEN NULL; ELSE NULL; END CASE;"),
    plpgsql("case twin", "CASE m WHEN 1, 2 THEN NULL; ELSE NULL; END CASE;", "m int;"),
    plpgsql("row type", "n := o.«totl»;", "o w_order%ROWTYPE; n numeric;"),
    plpgsql("row type twin", "n := o.total + o.id;", "o w_order%ROWTYPE; n numeric;"),
    plpgsql("row type target", "o.«totl» := 1;", "o w_order%ROWTYPE;"),
    plpgsql(
        "row type target twin",
        "o.total := 1; o.state = 'x'; SELECT id INTO o.id FROM customer;",
        "o w_order%ROWTYPE;",
    ),
    plpgsql("row type by name", "IF o.«totl» > 1 THEN NULL; END IF;", "o w_order;"),
    plpgsql(
        "row type by name twin",
        "SELECT * INTO o FROM w_order; IF o.total > 1 THEN o.total := 2; END IF;",
        "o public.w_order;",
    ),
    plpgsql("composite variable", "x.«cty» := 'x';", "x addr;"),
    plpgsql(
        "composite variable twin", "x.city := 'x'; x := ROW ('a', 'b', 1); PERFORM x.zip + 1;", "x addr;"
    ),
    plpgsql("row type in query", "PERFORM 1 FROM customer WHERE id = o.«custmer_id»;", "o w_order%ROWTYPE;"),
    plpgsql(
        "row type in query twin", "PERFORM 1 FROM customer WHERE id = o.customer_id;", "o w_order%ROWTYPE;"
    ),
    plpgsql("type of column", "NULL;", "n w_order.«totl»%TYPE;"),
    plpgsql("type of column twin", "n := 1; m := n;", "n w_order.total%TYPE; m n%TYPE;"),
    plpgsql("row type of none", "NULL;", "n «w_ordr»%ROWTYPE;"),
    plpgsql("variable of unknown type", "NULL;", "n «moood»;"),
    plpgsql("loop record", "FOR r IN SELECT id FROM w_order LOOP PERFORM r.«total»; END LOOP;", "r record;"),
    plpgsql(
        "loop record twin",
        "FOR r IN SELECT id, total AS t FROM w_order LOOP PERFORM r.t + r.id; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "loop record star",
        "FOR r IN SELECT o.*, c.name FROM w_order o JOIN customer c ON true LOOP PERFORM r.total, r.name; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "loop record star missing",
        "FOR r IN SELECT o.* FROM w_order o LOOP PERFORM r.«name»; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "loop record in raise",
        "FOR r IN SELECT id FROM w_order LOOP RAISE NOTICE 'x %', r.«total»; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "loop record in insert",
        "FOR r IN SELECT id FROM w_order LOOP INSERT INTO plain VALUES (r.«total», 'x'); END LOOP;",
        "r record;",
    ),
    plpgsql(
        "loop record in insert twin",
        "FOR r IN SELECT id FROM w_order LOOP INSERT INTO plain (a) VALUES (r.id); END LOOP;",
        "r record;",
    ),
    plpgsql(
        "nested loops",
        "FOR r IN SELECT id FROM w_order LOOP FOR s IN SELECT no FROM w_line WHERE order_id = r.id LOOP PERFORM s.«id»; END LOOP; END LOOP;",
        "r record; s record;",
    ),
    plpgsql("into record", "SELECT id INTO r FROM w_order; PERFORM r.«total»;", "r record;"),
    plpgsql("into record twin", "SELECT id, total INTO STRICT r FROM w_order; PERFORM r.total;", "r record;"),
    plpgsql(
        "returning into record", "UPDATE plain SET a = 2 RETURNING a INTO r; PERFORM r.«b»;", "r record;"
    ),
    plpgsql(
        "returning into record twin", "UPDATE plain SET a = 2 RETURNING * INTO r; PERFORM r.b;", "r record;"
    ),
    plpgsql(
        "record of two shapes",
        "IF found THEN SELECT id INTO r FROM w_order; ELSE SELECT a INTO r FROM plain; END IF; PERFORM r.a;",
        "r record;",
    ),
    plpgsql(
        "record of two shapes, neither",
        "SELECT id INTO r FROM w_order; PERFORM r.id; SELECT a INTO r FROM plain; PERFORM r.«c»;",
        "r record;",
    ),
    plpgsql(
        "record of dynamic SQL",
        "FOR r IN EXECUTE 'SELECT id AS ' || quote_ident('k') || ' FROM w_order' LOOP PERFORM r.k; END LOOP;",
        "r record;",
    ),
    plpgsql("record of constant SQL", "EXECUTE 'SELECT id FROM w_order' INTO r; PERFORM r.«k»;", "r record;"),
    plpgsql("record assigned", "r := ROW (1, 2); PERFORM r.f1;", "r record;"),
    plpgsql(
        "cursor",
        "OPEN c; FETCH c INTO r; PERFORM r.«total»; CLOSE c;",
        "c CURSOR FOR SELECT id FROM w_order; r record;",
    ),
    plpgsql(
        "cursor twin",
        "OPEN c; FETCH c INTO r; PERFORM r.id; CLOSE c;",
        "c CURSOR FOR SELECT id FROM w_order; r record;",
    ),
    plpgsql(
        "cursor loop",
        "FOR r IN c(1) LOOP PERFORM r.«total»; END LOOP;",
        "c CURSOR (k int) FOR SELECT id FROM w_order WHERE id = k;",
    ),
    plpgsql(
        "cursor loop twin",
        "FOR r IN c(1) LOOP PERFORM r.id; END LOOP;",
        "c CURSOR (k int) FOR SELECT id FROM w_order WHERE id = k;",
    ),
    plpgsql("cursor query", "OPEN c; CLOSE c;", "c CURSOR FOR SELECT «idd» FROM w_order;"),
    plpgsql("bound later", "OPEN c FOR SELECT «idd» FROM w_order;", "c refcursor;"),
    plpgsql(
        "bound later twin",
        "OPEN c FOR SELECT id FROM w_order; FETCH c INTO r; PERFORM r.id;",
        "c refcursor; r record;",
    ),
    plpgsql("return query", "RETURN QUERY SELECT «idd» FROM w_order;", returns="SETOF int"),
    plpgsql(
        "return query twin",
        "RETURN QUERY SELECT o.id, o.total FROM w_order o;",
        returns="TABLE (k int, v numeric)",
    ),
    plpgsql(
        "table column", "k := 1; RETURN NEXT; k := «j»; RETURN NEXT;", returns="TABLE (k int, v numeric)"
    ),
    plpgsql("loop over numbers", "FOR i IN 1..2 LOOP PERFORM i + «j»; END LOOP;"),
    plpgsql("loop over numbers twin", "FOR i IN 1..2 LOOP PERFORM i + 1; END LOOP;"),
    plpgsql(
        "foreach",
        "FOREACH x IN ARRAY xs LOOP n := n + x; END LOOP; xs[1] := 4;",
        "xs int[] := '{1}'; x int; n int := 0;",
    ),
    plpgsql(
        "array of composites",
        "xs[1] := ROW ('s', 'c', 1); PERFORM xs[1].city; PERFORM (xs[1]).zip;",
        "xs addr[] := '{}';",
    ),
    plpgsql(
        "labels",
        "PERFORM f.n, outer_one.m; DECLARE n int := 2; BEGIN PERFORM f.n + outer_one.n; END;",
        "n int; m int;",
    ).__class__(
        "labels",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$\n<<outer_one>>\nDECLARE n int; m int;\nBEGIN\n"
        "  DECLARE n int := 2; BEGIN PERFORM outer_one.n + n + outer_one.m; END;\nEND $f$;\nSELECT f();",
    ),
    plpgsql("parameter by function", "PERFORM f.p + p;", head="f(p int DEFAULT 1)"),
    plpgsql("alias of parameter", "PERFORM q + 1;", "q ALIAS FOR $1;", head="f(int DEFAULT 1)"),
    plpgsql(
        "variable in inner block", "DECLARE n int := 1; BEGIN PERFORM n; END; PERFORM total FROM w_order;"
    ),
    plpgsql("variable of one block only", "DECLARE n int := 1; BEGIN PERFORM n; END; NULL;"),
    plpgsql("insert in body", "INSERT INTO app.audit («wht») VALUES ('x');"),
    plpgsql("insert in body twin", "INSERT INTO app.audit (what) VALUES ('x') ON CONFLICT DO NOTHING;"),
    plpgsql(
        "excluded in body",
        "INSERT INTO customer (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.«nme»;",
    ),
    plpgsql("update in body", "UPDATE w_order SET «totl» = 2 WHERE id = 1;"),
    plpgsql("update in body twin", "UPDATE w_order SET total = v WHERE id = 1;", "v numeric := 1;"),
    plpgsql("function in body", "PERFORM «ad_tax»(1);"),
    plpgsql("function in body, arguments", "n := «add_tax»(1, 2, 3);", "n numeric;"),
    plpgsql("function in body twin", "n := add_tax(1, 2); n := add_tax(amount := 1);", "n numeric;"),
    plpgsql("procedure", "CALL «touch»(1, n, 3);", "n int;"),
    plpgsql("procedure twin", "CALL touch(1, n); CALL touch(1);", "n int;").__class__(
        "procedure twin",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$\nDECLARE n int;\nBEGIN\n  CALL touch(1, n);\nEND $f$;\nSELECT f();",
    ),
    plpgsql("execute constant", "EXECUTE 'SELECT «idd» FROM w_order';"),
    plpgsql(
        "execute constant twin", "EXECUTE 'SELECT id FROM w_order WHERE id = $1' INTO n USING 1;", "n int;"
    ),
    plpgsql("execute constant with quotes", "EXECUTE 'SELECT ''x'' || «idd» FROM w_order';"),
    plpgsql("execute concatenated", "EXECUTE 'SELECT ' || quote_ident('id') || ' FROM w_order';"),
    plpgsql("execute format", "EXECUTE format('SELECT «idd» FROM w_order WHERE id = %L', 1);"),
    plpgsql("execute format twin", "EXECUTE format('SELECT %I FROM w_order WHERE id = %L', 'id', 1);"),
    plpgsql("execute format relation", "EXECUTE format('SELECT a.what FROM %I.audit a', 'app');"),
    plpgsql("execute format insert", "EXECUTE format('INSERT INTO app.audit («wht») VALUES (%L)', 'x');"),
    plpgsql("execute format with a name", "EXECUTE format('SELECT a FROM %s', 'plain');"),
    plpgsql(
        "temporary table",
        "CREATE TEMP TABLE tt AS SELECT id AS k FROM w_order; PERFORM k FROM tt; DROP TABLE tt;",
    ),
    plpgsql(
        "temporary table by definition",
        "CREATE TEMP TABLE tt (k int) ON COMMIT DROP; INSERT INTO tt (k) VALUES (1); PERFORM tt.k FROM tt;",
    ),
    plpgsql(
        "system catalog",
        "PERFORM c.relname FROM pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'x';",
    ),
    plpgsql("system catalog, another", "PERFORM c.«relnam» FROM pg_catalog.pg_class c;"),
    plpgsql(
        "information schema", "PERFORM table_name FROM information_schema.columns WHERE column_name = 'x';"
    ),
    plpgsql("diagnostics", "GET DIAGNOSTICS n = ROW_COUNT; PERFORM n;", "n int;"),
    plpgsql("handler", "PERFORM 1; EXCEPTION WHEN others THEN RAISE NOTICE '%', sqlerrm || sqlstate;"),
    plpgsql(
        "handler of the very fault", "PERFORM totl FROM w_order; EXCEPTION WHEN undefined_column THEN NULL;"
    ),
    plpgsql(
        "handler of the very fault, function",
        "PERFORM nothing_here(1); EXCEPTION WHEN undefined_function THEN NULL;",
    ),
    plpgsql("exit condition", "LOOP EXIT WHEN «m» > 1; END LOOP;"),
    plpgsql("while condition", "WHILE n < 1 LOOP n := n + 1; END LOOP;", "n int := 0;"),
    plpgsql("default of a variable", "NULL;", "n int := «m» + 1;"),
    plpgsql("default of a variable twin", "NULL;", "m int := 1; n int := m + 1;"),
    plpgsql("variable that shadows", "PERFORM 1 FROM w_order AS o WHERE o.id = w_id;", "w_id int := 1;"),
    plpgsql(
        "record and table of one name", "SELECT * INTO plain FROM plain; PERFORM plain.a;", "plain record;"
    ),
    plpgsql("composite of composite", "p.home.city := 'x'; PERFORM (p.home).zip;", "p person;"),
    plpgsql(
        "enum in a list of targets",
        "SELECT state, total INTO m, n FROM (SELECT 'calm'::mood AS state, 1 AS total) s;",
        "m mood; n int;",
    ),
    plpgsql(
        "enum in a list of targets, fault",
        "SELECT 'calm'::mood, «totl» INTO m, n FROM w_order;",
        "m mood; n int;",
    ),
    plpgsql(
        "composite and enum in lists",
        "SELECT 'calm'::mood, 1 INTO m, n; a.city := 'x'; PERFORM a.zip;",
        "m mood; n int; a addr;",
    ),
    plpgsql("unnest of several", "PERFORM x, y FROM unnest(ARRAY[1], ARRAY['a']) AS u (x, y);"),
    plpgsql(
        "version of the server",
        "IF current_setting('server_version_num')::int < 110000 THEN PERFORM proisagg FROM pg_proc; END IF;",
    ),
    plpgsql("temporary sequence", "CREATE TEMP SEQUENCE ts; PERFORM nextval('ts'); DROP SEQUENCE ts;"),
    plpgsql("single value of a set", "PERFORM e.value, e FROM jsonb_array_elements('[1]') e;"),
    plpgsql("no single value of a set", "PERFORM e.«val» FROM jsonb_array_elements('[1]') e;"),
    plpgsql("unnest of composites", "PERFORM h.city FROM person p, unnest(p.homes) h;"),
    plpgsql("json populated", "PERFORM p.a FROM jsonb_populate_record(NULL::plain, '{}') p;"),
    plpgsql("variable of the row", "UPDATE plain SET b = p.b WHERE a = p.a;", "p plain;"),
    plpgsql(
        "keyed by a record",
        "FOR r IN SELECT * FROM plain LOOP UPDATE plain t SET b = r.b WHERE t.a = r.«id»; END LOOP;",
        "r record;",
    ),
    plpgsql(
        "while fetching",
        "OPEN c; LOOP FETCH c INTO r; EXIT WHEN NOT found; PERFORM r.«b»; END LOOP;",
        "c CURSOR FOR SELECT a FROM plain; r record;",
    ),
    plpgsql(
        "return next of a row",
        "FOR r IN SELECT * FROM plain LOOP RETURN NEXT r; END LOOP; RETURN;",
        "r plain;",
        returns="SETOF plain",
    ),
    plpgsql("concatenated constants", "EXECUTE 'SELECT a '\n  || 'FROM «plan»';"),
    plpgsql(
        "concatenated constants twin", "EXECUTE 'SELECT a ' || 'FROM plain WHERE b = ' || quote_literal('x');"
    ),
    plpgsql("concatenated with a name", "EXECUTE 'SELECT ' || quote_ident('a') || ', «c» FROM plain';"),
    Case("do block", "DO $$ BEGIN PERFORM «totl» FROM w_order; END $$;"),
    Case(
        "do block twin",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM w_order LOOP PERFORM r.id; END LOOP; END $$;",
    ),
    Case(
        "do block record",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM w_order LOOP PERFORM r.«idd»; END LOOP; END $$;",
    ),
    Case(
        "table altered later",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT later FROM plain); END';\nALTER TABLE plain ADD COLUMN later int;\nSELECT f();",
    ),
    Case(
        "table made later",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(later) FROM made_later); END';\nCREATE TABLE made_later (later int);\nSELECT f();",
    ),
    Case(
        "temporary table of the caller",
        "CREATE FUNCTION g() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT sum(t.k) FROM handed t); END';\nCREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN CREATE TEMP TABLE handed AS SELECT 1 AS k; RETURN g(); END';\nSELECT f();",
    ),
    Case(
        "polymorphic",
        "CREATE FUNCTION f(x anyelement, n int DEFAULT 1) RETURNS anyelement LANGUAGE plpgsql AS 'BEGIN RETURN x; END';\nSELECT f(1), f('x'::text, 2);",
    ),
]

TRIGGERS = [
    trigger("new", "IF NEW.«totl» > 1 THEN NULL; END IF; RETURN NEW;"),
    trigger("new twin", "IF NEW.total > OLD.total THEN NULL; END IF; RETURN NEW;"),
    trigger("new target", "NEW.«updated_at» := now(); RETURN NEW;"),
    trigger("new target twin", "NEW.placed_at := now(); RETURN NEW;"),
    trigger("new target plain", "NEW.placed_at = OLD.«placed»; RETURN NEW;"),
    trigger("old in query", "PERFORM 1 FROM customer c WHERE c.id = OLD.«client_id»; RETURN NEW;"),
    trigger("old in query twin", "PERFORM 1 FROM customer c WHERE c.id = OLD.customer_id; RETURN NEW;"),
    trigger("new in insert", "INSERT INTO app.audit (what) VALUES (NEW.«stat»); RETURN NEW;"),
    trigger(
        "new as a whole", "INSERT INTO app.audit (what, row_data) VALUES (TG_OP, to_jsonb(NEW)); RETURN NEW;"
    ),
    trigger("new into", "SELECT name INTO NEW.«stat» FROM customer; RETURN NEW;"),
    trigger("new into twin", "SELECT name INTO NEW.state FROM customer; RETURN NEW;"),
    trigger("new of a copy", "r := NEW; r.total := 1; RETURN r;", declare="r w_order;"),
    trigger("variables of triggers", "PERFORM TG_OP || TG_TABLE_NAME || TG_NARGS || TG_WHEN; RETURN NEW;"),
    trigger(
        "by table name",
        "IF TG_TABLE_NAME = 'plain' THEN NEW.b := 'x'; ELSIF TG_TABLE_NAME = 'w_order' THEN NEW.state := 'x'; END IF; RETURN NEW;",
    ),
    Case(
        "two tables",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.«state» := 'x'; RETURN NEW; END $$;\n"
        "CREATE TRIGGER tr BEFORE UPDATE ON w_order FOR EACH ROW EXECUTE FUNCTION f();\n"
        "CREATE TRIGGER tr BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE plain SET b = 'y';",
    ),
    Case(
        "no table",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.whatever := 'x'; RETURN NEW; END $$;",
    ),
    Case(
        "column of the table added later",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen := now(); RETURN NEW; END $$;\n"
        "CREATE TRIGGER tr BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION f();\n"
        "ALTER TABLE plain ADD COLUMN seen timestamptz;\nUPDATE plain SET b = 'y';",
    ),
    Case(
        "trigger of a view",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM NEW.customer, OLD.«state»; RETURN NEW; END $$;\n"
        "CREATE TRIGGER tr INSTEAD OF UPDATE ON v_order FOR EACH ROW EXECUTE FUNCTION f();\nUPDATE v_order SET total = 2;",
    ),
    Case(
        "transition table",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM n.a, n.b FROM fresh n; RETURN NULL; END $$;\n"
        "CREATE TRIGGER tr AFTER UPDATE ON plain REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION f();\n"
        "UPDATE plain SET b = 'y';",
    ),
]

CASES = [*STATEMENTS, *FUNCTIONS, *BODIES, *TRIGGERS, *ROWS]
