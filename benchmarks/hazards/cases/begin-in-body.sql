-- hazard: transaction-nesting
-- label: harmless
-- twin: begin-twice
-- postgres: 13..18
-- runner: file
-- why: BEGIN of a plpgsql block opens no transaction
-- proof: no-warning 25001
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE FUNCTION nothing() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        PERFORM 1;
    END;
END $$;
