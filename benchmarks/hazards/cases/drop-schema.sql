-- hazard: drop-schema
-- label: harmful
-- twin: drop-schema-new
-- postgres: 13..18
-- runner: file
-- why: everything in it is gone
-- proof: gone to_regclass('app.orders') IS NOT NULL
-- given:
CREATE SCHEMA app;
CREATE TABLE app.orders (id bigint PRIMARY KEY);
INSERT INTO app.orders SELECT generate_series(1, 300);
-- change:
DROP SCHEMA app CASCADE;
