-- hazard: grants-lost-on-drop-recreate
-- label: harmless
-- twin: drop-view-grants-lost
-- postgres: 13..18
-- runner: file
-- why: CREATE OR REPLACE keeps the grants
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE ROLE hz_app;
CREATE VIEW notes AS SELECT id, note FROM orders;
GRANT SELECT ON notes TO hz_app;
-- change:
CREATE OR REPLACE VIEW notes AS SELECT id, note, qty FROM orders;
-- then:
SET ROLE hz_app;
SELECT FROM notes;
