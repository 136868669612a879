-- hazard: drop-schema
-- label: harmless
-- twin: drop-schema
-- postgres: 13..18
-- runner: file
-- why: the schema was made by the same migration
-- proof: kept to_regclass('app.orders') IS NOT NULL
-- given:
CREATE SCHEMA app;
CREATE TABLE app.orders (id bigint PRIMARY KEY);
-- change:
CREATE SCHEMA staging;
DROP SCHEMA staging;
