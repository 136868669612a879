-- expect: plpgsql-syntax-error @ public.fn_assign_incident
CREATE OR REPLACE FUNCTION public.fn_assign_incident(p_tenant_id uuid, p_incident_id uuid, p_technician_id uuid)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM 1
    FROM public.w_user AS u
    WHERE u.tenant_id = p_tenant_id
        AND u.id = p_technician_id
        AND u.access >= 'technician'
        AND u.deactivated_at IS NULL;

    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % is no technician', p_technician_id;

    UPDATE public.w_incident AS i
    SET assigned_to = p_technician_id,
        status = CASE WHEN i.status = 'open' THEN 'assigned' ELSE i.status END
    WHERE i.tenant_id = p_tenant_id
        AND i.id = p_incident_id
        AND i.resolved_at IS NULL;

    PERFORM public.fn_refresh_r_incident(p_tenant_id, p_incident_id);
END;
$$;

COMMENT ON FUNCTION public.fn_assign_incident(uuid, uuid, uuid) IS 'Gives an incident to a technician';

REVOKE EXECUTE ON FUNCTION public.fn_assign_incident(uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_assign_incident(uuid, uuid, uuid) TO app_writer;
