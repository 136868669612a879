-- hazard: feature-newer-than-target
-- label: harmful
-- twin: version-publication-columns-15
-- postgres: 13..14
-- runner: file
-- why: column lists of publications came with 15
-- proof: manual https://www.postgresql.org/docs/release/15.0/
-- proof: error 42601
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE PUBLICATION hz_pub FOR TABLE orders (id, note);
