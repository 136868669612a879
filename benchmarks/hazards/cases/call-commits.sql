-- hazard: commit-in-do-or-function
-- label: harmful
-- twin: call-commits-unwrapped
-- postgres: 13..18
-- runner: file
-- why: the procedure that is called commits
-- proof: error 2D000
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN UPDATE orders SET note = 'x' WHERE id < 100; COMMIT; END $$;
-- change:
CALL fill();
