-- hazard: function-volatility-change
-- label: harmful
-- twin: replace-function-same-volatility
-- postgres: 13..18
-- runner: file
-- why: from stable to volatile: plans and defaults that counted on it change
-- proof: gone (SELECT provolatile = 's' FROM pg_proc WHERE proname = 'rate')
-- given:
CREATE FUNCTION rate() RETURNS numeric LANGUAGE sql STABLE AS 'SELECT 1.2';
-- change:
CREATE OR REPLACE FUNCTION rate() RETURNS numeric LANGUAGE sql VOLATILE AS 'SELECT 1.2 + random()::numeric';
