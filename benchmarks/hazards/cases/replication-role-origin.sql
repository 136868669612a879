-- hazard: session-replication-role
-- label: harmless
-- twin: replication-role
-- postgres: 13..18
-- runner: file
-- why: that is how it is anyway
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET session_replication_role = origin;
INSERT INTO orders (id, customer_id) VALUES (1000, 2);
