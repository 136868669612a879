-- hazard: drop-policy
-- label: harmless
-- twin: drop-policy
-- postgres: 13..18
-- runner: file
-- why: the policy comes back in the same transaction
-- proof: kept EXISTS (SELECT FROM pg_policy WHERE polname = 'own')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (code = current_user);
-- change:
DROP POLICY IF EXISTS own ON orders;
CREATE POLICY own ON orders USING (note = current_user);
