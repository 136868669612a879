-- hazard: rls-toggle-lock
-- label: harmful
-- twin: create-policy-new-table
-- postgres: 13..18
-- runner: file
-- why: row security on a table in use: nothing is seen any more by who does not own it
-- proof: lock orders ACCESS EXCLUSIVE
-- proof: then-error 42501
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE ROLE hz_app;
GRANT SELECT, INSERT ON orders TO hz_app;
-- change:
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
-- then:
SET ROLE hz_app;
INSERT INTO orders (id) VALUES (100000);
