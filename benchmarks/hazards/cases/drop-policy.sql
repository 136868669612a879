-- hazard: drop-policy
-- label: harmful
-- twin: drop-policy-recreated
-- postgres: 13..18
-- runner: file
-- why: rows that were seen are not any more
-- proof: gone EXISTS (SELECT FROM pg_policy WHERE polname = 'own')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (code = current_user);
-- change:
DROP POLICY own ON orders;
