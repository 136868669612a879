-- hazard: change-column-used-by-plpgsql
-- label: harmful
-- twin: drop-table-new
-- postgres: 13..18
-- runner: file
-- why: the trigger writes to a table that is gone: so no order can be updated
-- proof: then-error 42P01
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE TABLE journal (order_id bigint);
CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO journal VALUES (new.id); RETURN new; END $$;
CREATE TRIGGER orders_journal AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note_it();
-- change:
DROP TABLE journal;
-- then:
UPDATE orders SET qty = 2 WHERE id = 1;
