-- hazard: change-column-used-by-plpgsql
-- label: harmful
-- twin: rename-column-in-atomic
-- postgres: 13..18
-- runner: file
-- why: the body of the function is a string: it fails when it is called
-- proof: then-error 42703
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION note_of(wanted bigint) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT note FROM orders WHERE id = wanted); END $$;
-- change:
ALTER TABLE orders RENAME COLUMN note TO remark;
-- then:
SELECT note_of(1);
