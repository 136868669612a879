-- hazard: set-role-without-reset
-- label: harmful
-- twin: set-role-reset
-- postgres: 13..18
-- runner: file
-- why: whatever comes next in the session is done as that role
-- proof: after current_user = 'hz_owner'
-- given:
CREATE ROLE hz_owner;
CREATE SCHEMA shop AUTHORIZATION hz_owner;
-- change:
SET ROLE hz_owner;
CREATE TABLE shop.parcels (id bigint PRIMARY KEY);
