-- hazard: create-index-non-concurrent
-- label: harmless
-- twin: quoted-names
-- postgres: 13..18
-- runner: file
-- why: another table of that name in other letters is new
-- proof: lock "Order Lines" none
-- given:
CREATE TABLE "Order Lines" ("Id" bigint PRIMARY KEY, "Note" text);
INSERT INTO "Order Lines" SELECT g, 'n' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE "order lines" ("Id" bigint PRIMARY KEY, "Note" text);
CREATE INDEX "Notes" ON "order lines" ("Note");
