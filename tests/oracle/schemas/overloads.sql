-- Functions of one name that take as many arguments: types tell which is meant.
CREATE TABLE t (id int PRIMARY KEY, name text, d date, check_me int);
CREATE FUNCTION two(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION two(a text) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION two(a date) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
CREATE VIEW va AS SELECT two(id) AS a FROM t;
CREATE VIEW vb AS SELECT two(name) AS a FROM t;
CREATE VIEW vc AS SELECT id FROM t WHERE two(d) = 1;
CREATE VIEW vd AS SELECT two(name) AS a, two(d) AS b FROM t;
CREATE INDEX ti ON t (two(name));
ALTER TABLE t ADD CHECK (two(d) > 0);
CREATE VIEW ve AS SELECT (SELECT two(x.name) FROM t x LIMIT 1) AS q FROM t;
CREATE VIEW vf AS SELECT t.id FROM t JOIN t u ON two(u.name) = t.id;
CREATE VIEW vg AS SELECT two('2020-01-01'::date) AS a;
CREATE FUNCTION atom(x text) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT two(x); END;
ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (two(name)) STORED;
CREATE VIEW vh AS SELECT id FROM t ORDER BY two(name);
CREATE VIEW vi AS SELECT count(*) AS n FROM t GROUP BY two(name) HAVING two(max(d)) > 1;
CREATE POLICY p ON t USING (two(d) = 1);
