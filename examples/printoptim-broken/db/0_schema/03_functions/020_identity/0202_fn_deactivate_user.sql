CREATE OR REPLACE FUNCTION public.fn_deactivate_user(p_tenant_id uuid, p_user_id uuid)
RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE public.w_user
    SET deactivated_at = now()
    WHERE tenant_id = p_tenant_id
        AND id = p_user_id
        AND deactivated_at IS NULL;

    IF NOT FOUND THEN
        RETURN false;
    END IF;

    DELETE FROM public.w_team_member
    WHERE tenant_id = p_tenant_id
        AND user_id = p_user_id;

    RETURN true;
END;
$$;

COMMENT ON FUNCTION public.fn_deactivate_user(uuid, uuid) IS 'Takes access away and leaves all teams; false when already done';

REVOKE EXECUTE ON FUNCTION public.fn_deactivate_user(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_deactivate_user(uuid, uuid) TO app_writer;
