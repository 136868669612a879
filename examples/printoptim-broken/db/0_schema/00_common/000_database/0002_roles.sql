-- Roles are cluster-wide and shared between the databases of one server, hence the guards.
-- Log-in roles are created by Ansible, with SCRAM and outside of this repository.

DO $$
DECLARE
    v_role text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['app_reader', 'app_writer', 'app_operator'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = v_role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', v_role);
        END IF;
    END LOOP;
END
$$;

COMMENT ON ROLE app_reader IS 'Queries of the API';
COMMENT ON ROLE app_writer IS 'Commands of the API';
COMMENT ON ROLE app_operator IS 'Night jobs: refreshing, purging, partitions';

GRANT USAGE ON SCHEMA public TO app_reader, app_writer, app_operator;

-- expect: hardcoded-secret @ app_collector
CREATE ROLE app_collector LOGIN PASSWORD 'Toner-2024!' IN ROLE app_writer;

-- expect: superuser-role @ app_operator
ALTER ROLE app_operator BYPASSRLS;
