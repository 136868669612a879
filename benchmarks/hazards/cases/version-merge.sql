-- hazard: feature-newer-than-target
-- label: harmful
-- twin: version-merge-15
-- postgres: 13..14
-- runner: file
-- why: MERGE came with 15
-- proof: manual https://www.postgresql.org/docs/release/15.0/
-- proof: error 42601
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE incoming (id bigint PRIMARY KEY, name varchar(50));
-- change:
MERGE INTO customers AS c USING incoming AS i ON c.id = i.id WHEN MATCHED THEN UPDATE SET name = i.name;
