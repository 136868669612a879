-- hazard: statement-refused
-- label: harmful
-- twin: partition-key-in-key
-- postgres: 13..18
-- runner: file
-- why: the table has a primary key
-- proof: error 42P16
-- expects: multiple-primary-keys
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD PRIMARY KEY (code);
