-- What the adapter uses of pgGit, under the same names and signatures; written for these tests. The real one is
-- installed from its own repository (docs/pggit.md says how to run the tests against it).
CREATE SCHEMA pggit;
CREATE TABLE pggit.deployment_mode (
    deployment_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    deployment_name text NOT NULL,
    ended_at timestamptz,
    status text NOT NULL DEFAULT 'active'
);
CREATE TABLE pggit.deployment_state (
    id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    current_deployment_id uuid REFERENCES pggit.deployment_mode,
    is_active boolean DEFAULT false
);
INSERT INTO pggit.deployment_state (id) VALUES (1);
CREATE TABLE pggit.system_events (
    event_id serial PRIMARY KEY,
    event_type text NOT NULL,
    event_data jsonb,
    created_at timestamptz DEFAULT now()
);
CREATE TABLE pggit.external_migrations (
    migration_id bigint PRIMARY KEY,
    tool_name text NOT NULL,
    migration_name text
);
CREATE FUNCTION pggit.begin_deployment(deployment_name text, auto_commit boolean DEFAULT false) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    made uuid;
BEGIN
    IF (SELECT is_active FROM pggit.deployment_state) THEN
        RAISE EXCEPTION 'Deployment already in progress: %', (SELECT current_deployment_id FROM pggit.deployment_state);
    END IF;
    INSERT INTO pggit.deployment_mode (deployment_name) VALUES (begin_deployment.deployment_name)
    RETURNING deployment_id INTO made;
    UPDATE pggit.deployment_state SET current_deployment_id = made, is_active = true;
    RETURN made;
END $$;
CREATE FUNCTION pggit.end_deployment(message text DEFAULT NULL, tags text[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT is_active FROM pggit.deployment_state) THEN
        RAISE EXCEPTION 'No active deployment found';
    END IF;
    UPDATE pggit.deployment_mode SET ended_at = now(), status = 'completed'
    WHERE deployment_id = (SELECT current_deployment_id FROM pggit.deployment_state);
    UPDATE pggit.deployment_state SET current_deployment_id = NULL, is_active = false;
END $$;
CREATE FUNCTION pggit.link_migration(migration_id bigint, description text DEFAULT NULL, tool_name text DEFAULT 'flyway')
RETURNS void LANGUAGE sql AS $$
    INSERT INTO pggit.external_migrations VALUES (migration_id, tool_name, description) ON CONFLICT DO NOTHING
$$;
