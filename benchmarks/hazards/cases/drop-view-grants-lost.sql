-- hazard: grants-lost-on-drop-recreate
-- label: harmful
-- twin: drop-view-grants-again
-- postgres: 13..18
-- runner: file
-- why: who could read the view cannot any more
-- proof: then-error 42501
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE ROLE hz_app;
CREATE VIEW notes AS SELECT id, note FROM orders;
GRANT SELECT ON notes TO hz_app;
-- change:
DROP VIEW notes;
CREATE VIEW notes AS SELECT id, note, qty FROM orders;
-- then:
SET ROLE hz_app;
SELECT FROM notes;
