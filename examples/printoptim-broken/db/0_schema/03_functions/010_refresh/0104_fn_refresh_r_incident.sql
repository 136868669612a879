-- expect: projection-shape-drift @ public.fn_refresh_r_incident
CREATE OR REPLACE FUNCTION public.fn_refresh_r_incident(p_tenant_id uuid, p_incident_id uuid DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO public.r_incident
        (tenant_id, incident_id, ticket_number, severity, status, due_at, document, search_text)
    SELECT
        v.tenant_id,
        v.id,
        v.ticket_number,
        v.status,
        v.severity,
        v.due_at,
        jsonb_build_object(
            'ticket', v.ticket_number,
            'summary', v.summary,
            'cause', v.cause_label,
            'serial', v.serial_number,
            'technician', v.technician_name,
            'opened', v.opened_at,
            'resolved', v.resolved_at
        ),
        setweight(to_tsvector('simple', v.summary), 'A')
            || setweight(to_tsvector('simple', concat_ws(' ', v.serial_number, v.technician_name)), 'B')
    FROM public.v_incident AS v
    WHERE v.tenant_id = p_tenant_id
        AND (p_incident_id IS NULL OR v.id = p_incident_id)
    ON CONFLICT (tenant_id, incident_id) DO UPDATE
        SET severity = EXCLUDED.severity,
            status = EXCLUDED.status,
            due_at = EXCLUDED.due_at,
            document = EXCLUDED.document,
            search_text = EXCLUDED.search_text,
            refreshed_at = now();
END;
$$;

COMMENT ON FUNCTION public.fn_refresh_r_incident(uuid, uuid) IS 'Projects v_incident into r_incident';

REVOKE EXECUTE ON FUNCTION public.fn_refresh_r_incident(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_refresh_r_incident(uuid, uuid) TO app_writer, app_operator;
