-- hazard: add-primary-key-without-index
-- label: harmful
-- twin: primary-key-using-index
-- postgres: 13..18
-- runner: file
-- why: the index is built and the column read while nobody can use the table
-- proof: scan-blocks-writes loose
-- given:
CREATE TABLE loose (id bigint, body text);
INSERT INTO loose SELECT g, 'b' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE loose ADD PRIMARY KEY (id);
