CREATE OR REPLACE FUNCTION public.fn_resolve_incident(
    p_tenant_id uuid,
    p_incident_id uuid,
    p_resolution text,
    p_cause_code text
) RETURNS interval
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_opened timestamptz;
BEGIN
    -- read by fn_log_incident_status
    PERFORM set_config('app.change_note', left(p_resolution, 200), true);

    UPDATE public.w_incident AS i
    SET status = 'resolved',
        resolved_at = now(),
        resolution = p_resolution,
        cause_code = p_cause_code
    WHERE i.tenant_id = p_tenant_id
        AND i.id = p_incident_id
        AND i.resolved_at IS NULL
    RETURNING i.opened_at INTO v_opened;

    IF v_opened IS NULL THEN
        RAISE EXCEPTION 'incident % is unknown or resolved', p_incident_id;
    END IF;

    PERFORM public.fn_refresh_r_incident(p_tenant_id, p_incident_id);

    RETURN now() - v_opened;
END;
$$;

COMMENT ON FUNCTION public.fn_resolve_incident(uuid, uuid, text, text) IS 'Closes the clock; returns the time it took';

REVOKE EXECUTE ON FUNCTION public.fn_resolve_incident(uuid, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_resolve_incident(uuid, uuid, text, text) TO app_writer;
