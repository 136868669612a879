-- hazard: primary-key-using-index-nullable
-- label: harmful
-- twin: primary-key-using-index
-- postgres: 13..18
-- runner: file
-- why: the column may be NULL: every row is read under the lock
-- proof: scan-blocks-writes loose
-- given:
CREATE TABLE loose (id bigint, body text);
INSERT INTO loose SELECT g, 'b' FROM generate_series(1, 300) AS g;
CREATE UNIQUE INDEX loose_id ON loose (id);
-- change:
ALTER TABLE loose ADD CONSTRAINT loose_pkey PRIMARY KEY USING INDEX loose_id;
