-- hazard: statement-after-write-blocking-lock
-- label: harmless
-- twin: update-after-trigger
-- postgres: 13..18
-- runner: file
-- why: comments and grants are no work
-- proof: no-work-under-lock orders
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE ROLE hz_app;
-- change:
COMMENT ON TABLE orders IS 'what was ordered';
GRANT SELECT ON customers TO hz_app;
