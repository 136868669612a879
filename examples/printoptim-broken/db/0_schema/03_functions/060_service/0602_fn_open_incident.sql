-- expect: select-into-without-strict @ public.fn_open_incident
CREATE OR REPLACE FUNCTION public.fn_open_incident(
    p_tenant_id uuid,
    p_machine_id uuid,
    p_summary text,
    p_severity public.incident_severity DEFAULT NULL,
    p_cause_code text DEFAULT NULL,
    p_reported_by uuid DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_hours integer;
    v_id uuid := gen_random_uuid();
    v_ticket bigint;
BEGIN
    IF coalesce(length(btrim(p_summary)), 0) < 5 THEN
        RAISE EXCEPTION 'please describe the problem' USING ERRCODE = 'check_violation';
    END IF;

    -- without a contract: best effort, three days
    SELECT coalesce(min(k.response_hours), 72)
    INTO v_hours
    FROM public.w_contract AS k
    WHERE k.tenant_id = p_tenant_id
        AND k.id = public.fn_contract_of_machine(p_tenant_id, p_machine_id, CURRENT_DATE);

    INSERT INTO public.w_incident (tenant_id, id, machine_id, cause_code, severity, summary, reported_by, due_at)
    VALUES (
        p_tenant_id,
        v_id,
        p_machine_id,
        p_cause_code,
        coalesce(
            p_severity,
            (SELECT c.default_severity FROM public.c_incident_cause AS c WHERE c.code = p_cause_code),
            'minor'
        ),
        btrim(p_summary),
        p_reported_by,
        now() + make_interval(hours => v_hours)
    )
    RETURNING ticket_number INTO STRICT v_ticket;

    PERFORM public.fn_refresh_r_incident(p_tenant_id, v_id);

    RETURN v_ticket;
END;
$$;

COMMENT ON FUNCTION public.fn_open_incident(uuid, uuid, text, public.incident_severity, text, uuid) IS 'Opens a ticket; returns its number';

REVOKE EXECUTE ON FUNCTION public.fn_open_incident(uuid, uuid, text, public.incident_severity, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_open_incident(uuid, uuid, text, public.incident_severity, text, uuid) TO app_writer;
