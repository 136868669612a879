-- hazard: set-access-method
-- label: harmful
-- twin: set-access-method-same
-- postgres: 15..18
-- runner: file
-- why: the table is written anew by the other access method
-- proof: rewrite orders
-- given:
CREATE ACCESS METHOD hz_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders SET ACCESS METHOD hz_heap;
