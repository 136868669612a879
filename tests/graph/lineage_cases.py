"""Views that are hard to follow; each is created on PostgreSQL by test_lineage_server.py."""

SCHEMA = """
CREATE SCHEMA s2;
CREATE TYPE address AS (street text, city text);
CREATE TABLE c (id int PRIMARY KEY, name text, "Weird Col" int, tenant_id int, home address, tags text[]);
CREATE TABLE o (id int PRIMARY KEY, c_id int REFERENCES c, total numeric, note text, tenant_id int, data jsonb);
CREATE TABLE s2.x (id int, "Mixed" text, val int, parent int);
CREATE TABLE "Odd Table" (k int, "a.b" int);
CREATE FUNCTION fn_total(int) RETURNS numeric LANGUAGE sql AS 'SELECT $1::numeric';
CREATE FUNCTION fn_rows(n int) RETURNS TABLE (ra int, rb text) LANGUAGE sql AS $$SELECT 1, 'x'$$;
CREATE FUNCTION fn_set(int) RETURNS SETOF s2.x LANGUAGE sql AS 'SELECT * FROM s2.x';
"""

VIEWS = {
    "v_star": "SELECT * FROM o",
    "v_qualified_star": "SELECT o.*, c.name FROM o JOIN c ON c.id = o.c_id",
    "v_using": "SELECT id, name, total FROM c JOIN o USING (id)",
    "v_using_star": "SELECT * FROM c JOIN (SELECT id, total FROM o) q USING (id)",
    "v_full": "SELECT id, name FROM c FULL JOIN o USING (id)",
    "v_right": "SELECT id FROM c RIGHT JOIN o USING (id)",
    "v_natural": "SELECT tenant_id, id, name, total FROM c NATURAL LEFT JOIN o",
    "v_cte": "WITH a AS (SELECT c_id, sum(total) AS t FROM o GROUP BY c_id), b(k, v) AS (SELECT * FROM a) "
    "SELECT b.k, b.v, c.name FROM b JOIN c ON c.id = b.k",
    "v_recursive": "WITH RECURSIVE r(id, depth, path) AS (SELECT id, 0, ARRAY[id] FROM s2.x WHERE parent IS NULL "
    "UNION ALL SELECT x.id, r.depth + 1, r.path || x.id FROM s2.x JOIN r ON x.parent = r.id) SELECT * FROM r",
    "v_lateral": "SELECT c.id, l.total AS last FROM c LEFT JOIN LATERAL (SELECT o.total FROM o WHERE o.c_id = c.id "
    "ORDER BY o.id DESC LIMIT 1) l ON true",
    "v_elements": "SELECT o.id, e.value AS element, e.value ->> 'x' AS x FROM o, jsonb_array_elements(o.data) AS e",
    "v_unnest": "SELECT c.id, u.tag, u.n FROM c, unnest(c.tags) WITH ORDINALITY AS u(tag, n)",
    "v_rows_from": "SELECT a, b FROM ROWS FROM (generate_series(1, 2), fn_rows(3)) AS r(a, b, z)",
    "v_fn_columns": "SELECT o.id, f.ra, f.rb, g.val FROM o, fn_rows(o.c_id) f, fn_set(o.id) g",
    "v_series": "SELECT g AS day, g + 1 AS next FROM generate_series(1, 3) AS g",
    "v_union": "SELECT id, name FROM c UNION ALL SELECT id, note FROM o UNION SELECT val, 'x' FROM s2.x",
    "v_except": "SELECT id FROM c EXCEPT SELECT c_id FROM o",
    "v_window": "SELECT id, row_number() OVER w AS n, sum(total) OVER (PARTITION BY c_id ORDER BY id) AS running "
    "FROM o WINDOW w AS (PARTITION BY tenant_id ORDER BY total)",
    "v_filter": "SELECT c_id, count(*) FILTER (WHERE total > 10) AS big, count(*) AS n, "
    "string_agg(note, ',' ORDER BY id) AS notes FROM o GROUP BY c_id HAVING max(tenant_id) > 0",
    "v_within": "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median FROM o",
    "v_case": "SELECT CASE WHEN o.total > 10 THEN c.name ELSE o.note END AS label, coalesce(o.note, c.name, '-') AS n2, "
    "o.id::text AS idt, (o.total) AS paren FROM o JOIN c ON c.id = o.c_id",
    "v_scalar": "SELECT c.id, (SELECT max(o.total) FROM o WHERE o.c_id = c.id) AS best, "
    "ARRAY(SELECT note FROM o WHERE o.c_id = c.id) AS notes, "
    "EXISTS (SELECT 1 FROM o WHERE o.tenant_id = c.tenant_id) AS busy, c.id IN (SELECT c_id FROM o) AS buys FROM c",
    "v_grouping": "SELECT c_id, tenant_id, sum(total) AS t, grouping(c_id) AS g FROM o "
    "GROUP BY GROUPING SETS ((c_id), (tenant_id), ())",
    "v_quoted": 'SELECT "Weird Col", "Weird Col" + 1 AS "Next Col" FROM c',
    "v_odd": 'SELECT "a.b" AS ab, o2.k FROM "Odd Table" AS o2',
    "v_schema": 'SELECT s2.x.id, x."Mixed" AS m, "Mixed" || \'!\' AS loud FROM s2.x',
    "v_aliased(a, b)": "SELECT id, total * 2, note AS kept FROM o",
    "v_source_alias": "SELECT k, w FROM o AS z(k, w), c AS y WHERE y.id = z.w",
    "v_whole": "SELECT to_jsonb(o) AS j, row_to_json(o.*) AS r, o AS w FROM o",
    "v_fraise": "SELECT o.id, jsonb_build_object('id', o.id, 'total', o.total, 'customer', "
    "jsonb_build_object('name', c.name, 'weird', c.\"Weird Col\")) AS data FROM o JOIN c ON c.id = o.c_id",
    "v_agg_json": "SELECT c.id, jsonb_agg(jsonb_build_object('t', o.total) ORDER BY o.id) AS items "
    "FROM c LEFT JOIN o ON o.c_id = c.id GROUP BY c.id",
    "v_composite": "SELECT (home).city, (c.home).street AS st FROM c",
    "v_function": "SELECT id, fn_total(c_id) AS f, public.fn_total(id) AS g, now() AS at FROM o",
    "v_constant": "SELECT 1 AS one, 'x'::text AS x, NULL::int AS nothing, current_user AS who FROM o",
    "v_values": "SELECT a.n, a.t FROM (VALUES (1, 'a'), (2, 'b')) AS a(n, t)",
    "v_parens": "SELECT c.name, total, val FROM (c JOIN o ON o.c_id = c.id) JOIN s2.x ON x.id = o.id",
    "v_comma": "SELECT c.name, o.note FROM s2.x, c JOIN o USING (tenant_id) WHERE x.id = o.id",
    "v_distinct": "SELECT DISTINCT ON (c_id) c_id, note FROM o ORDER BY c_id, total DESC",
    "v_1": "SELECT id, total AS amount, c_id FROM o",
    "v_2": "SELECT id, amount * 2 AS doubled, c_id FROM v_1",
    "v_3": "SELECT v_2.*, c.name FROM v_2 JOIN c ON c.id = v_2.c_id",
    "v_4": "SELECT name, sum(doubled) AS sum FROM v_3 GROUP BY name",
    "v_correlated": "SELECT (SELECT q.s FROM (SELECT o.total + c.id AS s FROM o LIMIT 1) q) AS deep FROM c",
    "v_join_alias": "SELECT j.name, j.note FROM (c JOIN o ON o.c_id = c.id) AS j(i1, name, w, t1, h, tg, i2, ci, tt, note)",
    "v_cte_shadow": "WITH o AS (SELECT id AS total, name AS note FROM c) SELECT total, note FROM o",
    "v_values_top": "VALUES (1, 'a'), (2, 'b')",
    "v_table": "TABLE s2.x",
    "v_nothing": "SELECT count(*) AS n FROM o",
}
