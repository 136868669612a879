-- hazard: partition-key-not-in-pk
-- label: harmful
-- twin: partition-key-in-key
-- postgres: 13..18
-- runner: file
-- why: a unique key of a partitioned table must hold the partition key
-- proof: error 0A000
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE hits (id bigint PRIMARY KEY, at date NOT NULL) PARTITION BY RANGE (at);
