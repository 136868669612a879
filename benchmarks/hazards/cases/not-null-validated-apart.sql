-- hazard: set-not-null
-- label: harmless
-- twin: not-null-constraint-valid
-- postgres: 18..18
-- runner: none
-- why: the constraint is validated while writers go on
-- proof: scan-lets-writes orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD CONSTRAINT code_there NOT NULL code NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT code_there;
