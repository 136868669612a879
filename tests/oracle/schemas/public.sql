-- The schema that every database has: made again IF NOT EXISTS, dropped, and made.
CREATE SCHEMA IF NOT EXISTS public;
CREATE TABLE old (id int PRIMARY KEY);
CREATE SCHEMA app;
CREATE TABLE app.kept (id int PRIMARY KEY);
CREATE VIEW app.of_old AS SELECT id FROM old;
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA IF NOT EXISTS public;
CREATE TABLE public.a (id int PRIMARY KEY);
CREATE TABLE b (id int REFERENCES a);
