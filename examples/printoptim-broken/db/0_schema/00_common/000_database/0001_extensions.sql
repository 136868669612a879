-- Contrib modules, all of them trusted: the owner of the database may create them.

CREATE EXTENSION IF NOT EXISTS btree_gist;  -- exclusion constraints that mix = and &&
CREATE EXTENSION IF NOT EXISTS citext;      -- e-mail addresses
CREATE EXTENSION IF NOT EXISTS pg_trgm;     -- "contains" search on customer names
