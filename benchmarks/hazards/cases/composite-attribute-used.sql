-- hazard: composite-type-add-attribute
-- label: harmful
-- twin: composite-attribute-unused
-- postgres: 13..18
-- runner: file
-- why: a column has the type, and who writes a row of the old shape fails
-- proof: then-error 42846
-- given:
CREATE TYPE address AS (street text);
CREATE TABLE shops (id bigint PRIMARY KEY, address address);
-- change:
ALTER TYPE address ADD ATTRIBUTE city text;
-- then:
INSERT INTO shops VALUES (1, ROW('High Street')::address);
