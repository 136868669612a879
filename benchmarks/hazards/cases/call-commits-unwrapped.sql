-- hazard: commit-in-do-or-function
-- label: harmless
-- twin: call-commits
-- postgres: 13..18
-- runner: none
-- why: outside of a transaction a procedure may commit
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN UPDATE orders SET note = 'x' WHERE id < 100; COMMIT; END $$;
-- change:
CALL fill();
