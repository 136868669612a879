-- hazard: add-column-not-null-without-default
-- label: harmless
-- twin: not-null-without-default
-- postgres: 13..18
-- runner: file
-- why: a constant default fills the old rows without a look at them
-- proof: no-scan orders
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN rank smallint NOT NULL DEFAULT 0;
