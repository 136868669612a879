-- hazard: add-foreign-key-without-not-valid
-- label: harmful
-- twin: foreign-key-not-valid
-- postgres: 13..18
-- runner: file
-- why: every row is looked up while neither table can be written
-- proof: scan-blocks-writes orders
-- proof: lock customers SHARE ROW EXCLUSIVE
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id);
