-- Everything the application uses is in public. prep_seed is filled from spreadsheets by
-- the onboarding team and is emptied once a dealer is live.

CREATE SCHEMA IF NOT EXISTS prep_seed;

COMMENT ON SCHEMA prep_seed IS 'Onboarding data before it becomes somebody''s data';

-- PostgreSQL 14 and older let everybody create in public; some of our dealers' own servers came from there.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

GRANT USAGE ON SCHEMA prep_seed TO app_operator;
