-- hazard: do-block
-- label: harmful
-- twin: do-cheap
-- postgres: 13..18
-- runner: file
-- why: the block adds a foreign key and looks up every row
-- proof: scan-blocks-writes orders
-- expects: add-foreign-key-without-not-valid
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'orders_customer') THEN
        ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id);
    END IF;
END $$;
