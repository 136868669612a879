-- hazard: function-volatility-change
-- label: harmless
-- twin: replace-function-less-strict
-- postgres: 13..18
-- runner: file
-- why: it stays stable
-- proof: kept (SELECT provolatile = 's' FROM pg_proc WHERE proname = 'rate')
-- given:
CREATE FUNCTION rate() RETURNS numeric LANGUAGE sql STABLE AS 'SELECT 1.2';
-- change:
CREATE OR REPLACE FUNCTION rate() RETURNS numeric LANGUAGE sql STABLE AS 'SELECT 1.25';
