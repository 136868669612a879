-- hazard: do-block
-- label: harmless
-- twin: do-execute-index
-- postgres: 13..18
-- runner: file
-- why: the block makes the table itself
-- proof: lock orders none
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DO $$
BEGIN
    CREATE TABLE parcels (id bigint PRIMARY KEY, note text);
    CREATE INDEX parcels_note ON parcels (note);
END $$;
