-- hazard: set-role-without-reset
-- label: harmless
-- twin: set-role-kept
-- postgres: 13..18
-- runner: file
-- why: the role ends with the transaction
-- proof: after current_user <> 'hz_owner'
-- given:
CREATE ROLE hz_owner;
CREATE SCHEMA shop AUTHORIZATION hz_owner;
-- change:
SET LOCAL ROLE hz_owner;
CREATE TABLE shop.parcels (id bigint PRIMARY KEY);
