-- hazard: composite-type-add-attribute
-- label: harmful
-- twin: composite-attribute-unused
-- postgres: 13..18
-- runner: file
-- why: a column has the type: its rows would have to be written anew, which is refused
-- proof: error 0A000
-- given:
CREATE TYPE address AS (street varchar(20));
CREATE TABLE shops (id bigint PRIMARY KEY, address address);
-- change:
ALTER TYPE address ALTER ATTRIBUTE street TYPE text;
