-- hazard: change-column-used-by-plpgsql
-- label: harmless
-- twin: rename-column-in-plpgsql
-- postgres: 13..18
-- runner: file
-- why: a view follows the rename of a table, and old code reads the view
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE parcels (id bigint PRIMARY KEY, remark text);
CREATE VIEW remarks AS SELECT id, remark FROM parcels;
ALTER TABLE parcels RENAME COLUMN remark TO comment;
-- then:
SELECT remark FROM remarks;
