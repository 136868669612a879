-- hazard: change-column-type-rechecks-constraints
-- label: harmless
-- twin: type-check-tested-again
-- postgres: 13..18
-- runner: file
-- why: the foreign key compares as before: no row is looked up again
-- proof: no-rewrite cards
-- proof: no-scan cards
-- given:
CREATE TABLE codes (code varchar(20) PRIMARY KEY);
INSERT INTO codes SELECT 'c' || g FROM generate_series(1, 300) AS g;
CREATE TABLE cards (id bigint PRIMARY KEY, code varchar(20) REFERENCES codes);
INSERT INTO cards SELECT g, 'c' || g FROM generate_series(1, 300) AS g;
CREATE INDEX cards_code ON cards (code);
-- change:
ALTER TABLE cards ALTER COLUMN code TYPE varchar(40);
