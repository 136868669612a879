-- Views on views, materialized views, stars, USING joins, whole rows, rules, tables made by queries.
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE DOMAIN label AS text CHECK (VALUE <> '');
CREATE TABLE customer (id integer PRIMARY KEY, name label, state state, meta jsonb);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customer, state state, total numeric);
CREATE TABLE line (order_id integer REFERENCES orders, id integer, note text);
CREATE FUNCTION short(label) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT left($1, 3) $$;
CREATE FUNCTION all_orders() RETURNS SETOF orders LANGUAGE sql STABLE AS $$ SELECT * FROM orders $$;
CREATE FUNCTION pairs(n integer) RETURNS TABLE (a integer, b state) LANGUAGE sql AS $$ SELECT 1, 'open'::state $$;
CREATE FUNCTION both_of(IN x integer, OUT one integer, OUT two label) LANGUAGE sql AS $$ SELECT 1, 'x'::label $$;

CREATE VIEW v_customer AS SELECT * FROM customer;
CREATE VIEW v_open AS SELECT o.id, o.total FROM orders o WHERE o.state = 'open';
CREATE VIEW v_in AS SELECT id FROM orders WHERE state IN ('open', 'closed');
CREATE VIEW v_case AS SELECT id, CASE state WHEN 'open' THEN 1 ELSE 0 END AS flag FROM orders;
CREATE VIEW v_names (one, two) AS SELECT id, short(name) FROM v_customer;
CREATE VIEW v_join AS SELECT * FROM orders JOIN line USING (id);
CREATE VIEW v_natural AS SELECT * FROM line NATURAL JOIN (SELECT 1 AS id, 2 AS more) s;
CREATE VIEW v_whole AS SELECT c, o.* FROM customer c LEFT JOIN orders o ON o.customer_id = c.id;
CREATE VIEW v_grouped AS SELECT c.id, c.name, count(*) AS n FROM customer c JOIN orders o ON o.customer_id = c.id GROUP BY c.id;
CREATE VIEW v_union AS SELECT id, state FROM customer UNION ALL SELECT id, state FROM orders;
CREATE VIEW v_with AS WITH big (n, st) AS (SELECT id, state FROM orders WHERE total > 1) SELECT n, st, (SELECT max(c.state) FROM customer c) AS top FROM big;
CREATE VIEW v_recursive AS WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 3) SELECT * FROM up;
CREATE VIEW v_lateral AS SELECT c.id, l.total FROM customer c, LATERAL (SELECT total FROM orders o WHERE o.customer_id = c.id LIMIT 1) l;
CREATE VIEW v_function AS SELECT * FROM all_orders();
CREATE VIEW v_pairs AS SELECT p.b, q.x FROM pairs(3) p, unnest(ARRAY[1]) AS q (x);
CREATE VIEW v_out AS SELECT f.two FROM both_of(1) f;
CREATE VIEW v_values (a, b) AS VALUES (1, 'x'), (2, 'y');
CREATE VIEW v_cast AS SELECT 'open'::state AS s, NULL::label AS l, 'orders'::regclass AS r;
CREATE VIEW v_exists AS SELECT id FROM customer c WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.state <> 'closed');
CREATE VIEW v_agg AS SELECT array_agg(state) AS states, max(total) FROM orders;
CREATE VIEW v_window AS SELECT lag(state) OVER (ORDER BY id) AS before FROM orders;
CREATE OR REPLACE VIEW v_open AS SELECT o.id, o.total, o.customer_id FROM orders o WHERE o.state = 'open';
CREATE VIEW v_secure WITH (security_barrier, security_invoker) AS SELECT id FROM v_open WITH CASCADED CHECK OPTION;
COMMENT ON VIEW v_secure IS 'Checked';
COMMENT ON COLUMN v_secure.id IS 'Key';
CREATE MATERIALIZED VIEW m_total AS SELECT customer_id, sum(total) AS total FROM v_open GROUP BY customer_id WITH NO DATA;
CREATE UNIQUE INDEX ON m_total (customer_id);
CREATE VIEW v_on_m AS SELECT total FROM m_total;

CREATE TABLE made AS SELECT id, name, state FROM customer;
CREATE TABLE made_named (a, b) AS SELECT id, total FROM orders WITH NO DATA;
SELECT id, state INTO selected FROM orders;

CREATE FUNCTION on_view() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER instead INSTEAD OF INSERT ON v_customer FOR EACH ROW EXECUTE FUNCTION on_view();
CREATE TABLE audit (what text, at timestamptz DEFAULT now());
CREATE RULE log_it AS ON INSERT TO orders DO ALSO INSERT INTO audit (what) VALUES (NEW.id::text);
CREATE RULE no_delete AS ON DELETE TO v_open DO INSTEAD UPDATE orders SET state = 'closed' WHERE id = OLD.id;

CREATE TABLE grown (id integer, at timestamp(8), span interval(9), ends timestamptz(7)[]);
CREATE TABLE grown_copy AS SELECT * FROM grown;
CREATE VIEW grown_before AS SELECT * FROM grown;
CREATE TYPE phase AS ENUM ('young', 'old');
ALTER TABLE grown ADD COLUMN phase phase;
CREATE FUNCTION phase_of(of grown.phase%TYPE) RETURNS grown.phase%TYPE LANGUAGE sql AS 'SELECT of';
