-- hazard: add-exclusion-constraint
-- label: harmful
-- twin: exclusion-on-new-table
-- postgres: 13..18
-- runner: file
-- why: its index is built while nobody can use the table, and there is no other way
-- proof: scan-blocks-writes bookings
-- given:
CREATE TABLE bookings (id bigint PRIMARY KEY, during int4range);
INSERT INTO bookings SELECT g, int4range(g, g + 1) FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);
