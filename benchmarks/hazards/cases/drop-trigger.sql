-- hazard: drop-trigger
-- label: harmful
-- twin: drop-trigger-recreated
-- postgres: 13..18
-- runner: file
-- why: what the trigger did is not done any more
-- proof: gone EXISTS (SELECT FROM pg_trigger WHERE tgname = 'orders_stamp')
-- expects: drop-trigger-lock
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER orders_stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
-- change:
DROP TRIGGER orders_stamp ON orders;
