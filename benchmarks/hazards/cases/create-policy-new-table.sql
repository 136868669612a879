-- hazard: rls-toggle-lock
-- label: harmless
-- twin: enable-rls
-- postgres: 13..18
-- runner: file
-- why: the table is made by the same migration
-- proof: lock orders none
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE parcels (id bigint PRIMARY KEY, owner text);
ALTER TABLE parcels ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON parcels USING (owner = current_user) WITH CHECK (owner = current_user);
