-- hazard: primary-key-using-index-nullable
-- label: harmless
-- twin: primary-key-using-index-nullable
-- postgres: 13..18
-- runner: file
-- why: the index is there and the column NOT NULL
-- proof: no-scan loose
-- given:
CREATE TABLE loose (id bigint NOT NULL, body text);
INSERT INTO loose SELECT g, 'b' FROM generate_series(1, 300) AS g;
CREATE UNIQUE INDEX loose_id ON loose (id);
-- change:
ALTER TABLE loose ADD CONSTRAINT loose_pkey PRIMARY KEY USING INDEX loose_id;
