-- hazard: feature-newer-than-target
-- label: harmless
-- twin: version-json-table
-- postgres: 17..18
-- runner: file
-- why: JSON_TABLE came with 17
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE VIEW parts AS SELECT p.name FROM JSON_TABLE('[{"name": "a"}]'::jsonb, '$[*]' COLUMNS (name text PATH '$.name')) AS p;
