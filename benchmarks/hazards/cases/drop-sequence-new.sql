-- hazard: drop-type
-- label: harmless
-- twin: drop-sequence
-- postgres: 13..18
-- runner: file
-- why: the sequence was made by the same migration
-- proof: runs
-- given:
CREATE SEQUENCE invoice_numbers;
-- change:
CREATE SEQUENCE draft_numbers;
DROP SEQUENCE draft_numbers;
