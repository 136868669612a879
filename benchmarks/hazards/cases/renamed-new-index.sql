-- hazard: create-index-non-concurrent
-- label: harmless
-- twin: swap-tables-index
-- postgres: 13..18
-- runner: file
-- why: the table was made by the same migration, under another name
-- proof: lock orders none
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE parcels_draft (id bigint PRIMARY KEY, note text);
ALTER TABLE parcels_draft RENAME TO parcels;
CREATE INDEX parcels_note ON parcels (note);
