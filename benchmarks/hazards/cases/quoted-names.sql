-- hazard: create-index-non-concurrent
-- label: harmful
-- twin: quoted-new-table
-- postgres: 13..18
-- runner: file
-- why: a name that must be quoted is a table like any other
-- proof: scan-blocks-writes "Order Lines"
-- given:
CREATE TABLE "Order Lines" ("Id" bigint PRIMARY KEY, "Note" text);
INSERT INTO "Order Lines" SELECT g, 'n' FROM generate_series(1, 300) AS g;
-- change:
CREATE INDEX "Notes" ON "Order Lines" ("Note");
