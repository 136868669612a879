-- hazard: statement-after-access-exclusive
-- label: harmful
-- twin: alter-two-cheap
-- postgres: 13..18
-- runner: file
-- why: the index on another table is built while the first one is locked against everyone
-- proof: work-under-lock customers
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE customers ADD COLUMN vip boolean;
CREATE INDEX orders_note ON orders (note);
