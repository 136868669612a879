-- hazard: validate-while-holding-lock
-- label: harmful
-- twin: validate-alone
-- postgres: 13..18
-- runner: file
-- why: an older constraint is validated while the trigger's lock keeps writers out
-- proof: scan-blocks-writes orders
-- expects: statement-after-write-blocking-lock
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT qty_positive CHECK (qty > 0) NOT VALID;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- change:
CREATE TRIGGER orders_stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE orders VALIDATE CONSTRAINT qty_positive;
