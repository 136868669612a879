CREATE OR REPLACE FUNCTION public.fn_invite_user(
    p_tenant_id uuid,
    p_email text,
    p_full_name text,
    p_access public.access_level DEFAULT 'viewer'
) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_id uuid;
BEGIN
    IF p_access = 'owner' THEN
        RAISE EXCEPTION 'an owner is appointed by support, not invited' USING ERRCODE = 'insufficient_privilege';
    END IF;

    -- inviting somebody who left brings them back
    INSERT INTO public.w_user AS u (tenant_id, email, full_name, access)
    VALUES (p_tenant_id, btrim(p_email), btrim(p_full_name), p_access)
    ON CONFLICT (tenant_id, email) DO UPDATE
        SET deactivated_at = NULL,
            access = EXCLUDED.access
        WHERE u.deactivated_at IS NOT NULL
    RETURNING u.id INTO v_id;

    IF v_id IS NULL THEN
        RAISE EXCEPTION '% is already a user', p_email USING ERRCODE = 'unique_violation';
    END IF;

    RETURN v_id;
END;
$$;

COMMENT ON FUNCTION public.fn_invite_user(uuid, text, text, public.access_level) IS 'Adds a person, or brings back one who had left';

REVOKE EXECUTE ON FUNCTION public.fn_invite_user(uuid, text, text, public.access_level) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_invite_user(uuid, text, text, public.access_level) TO app_writer;
