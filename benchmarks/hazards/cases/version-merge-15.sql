-- hazard: feature-newer-than-target
-- label: harmless
-- twin: version-merge
-- postgres: 15..18
-- runner: file
-- why: MERGE came with 15
-- proof: runs
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE incoming (id bigint PRIMARY KEY, name varchar(50));
-- change:
MERGE INTO customers AS c USING incoming AS i ON c.id = i.id WHEN MATCHED THEN UPDATE SET name = i.name;
