-- hazard: rename-schema
-- label: harmful
-- twin: rename-index
-- postgres: 13..18
-- runner: file
-- why: code that qualifies by the old name fails
-- proof: then-error 42P01
-- given:
CREATE SCHEMA app;
CREATE TABLE app.orders (id bigint PRIMARY KEY);
-- change:
ALTER SCHEMA app RENAME TO shop;
-- then:
SELECT FROM app.orders;
