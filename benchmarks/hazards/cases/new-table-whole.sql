-- hazard: drop-then-recreate
-- label: harmless
-- twin: drop-table
-- postgres: 13..18
-- runner: file
-- why: a new table with all it needs
-- proof: lock orders none
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE parcels (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    weight bigint NOT NULL CHECK (weight > 0),
    sent_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX parcels_sent ON parcels (sent_at);
COMMENT ON TABLE parcels IS 'what is sent';
