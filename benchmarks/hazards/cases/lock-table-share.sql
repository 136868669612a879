-- hazard: explicit-lock-table
-- label: harmless
-- twin: lock-table
-- postgres: 13..18
-- runner: file
-- why: ACCESS SHARE keeps nobody out but an exclusive lock
-- proof: lock orders ACCESS SHARE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
LOCK TABLE orders IN ACCESS SHARE MODE;
