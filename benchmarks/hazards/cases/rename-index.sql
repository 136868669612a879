-- hazard: rename-object
-- label: harmless
-- twin: rename-function
-- postgres: 13..18
-- runner: file
-- why: no code names an index, and nobody is kept out
-- proof: lock orders none
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE INDEX orders_note ON orders (note);
-- change:
ALTER INDEX orders_note RENAME TO orders_note_idx;
