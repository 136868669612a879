-- hazard: non-transactional-statement-in-transaction
-- label: harmful
-- twin: analyze-wrapped
-- postgres: 13..18
-- runner: file
-- why: DROP DATABASE cannot run in the transaction of the runner
-- proof: error 25001
-- expects: drop-database
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DROP DATABASE IF EXISTS hz_reports;
