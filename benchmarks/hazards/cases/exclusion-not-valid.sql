-- hazard: invalid-not-valid-target
-- label: harmful
-- twin: exclusion-on-new-table
-- postgres: 13..18
-- runner: file
-- why: EXCLUDE cannot be NOT VALID
-- proof: error 0A000
-- given:
CREATE TABLE bookings (id bigint PRIMARY KEY, during int4range);
-- change:
ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) NOT VALID;
