CREATE OR REPLACE VIEW public.v_incident
WITH (security_invoker = true) AS
SELECT
    i.tenant_id,
    i.id,
    i.ticket_number,
    i.severity,
    i.status,
    i.summary,
    cause.label AS cause_label,
    m.serial_number,
    m.customer_id,
    technician.full_name AS technician_name,
    i.opened_at,
    i.due_at,
    i.resolved_at,
    coalesce(i.resolved_at, now()) > i.due_at AS is_late
FROM public.w_incident AS i
    JOIN public.w_machine AS m ON m.tenant_id = i.tenant_id AND m.id = i.machine_id
    LEFT JOIN public.c_incident_cause AS cause ON cause.code = i.cause_code
    LEFT JOIN public.w_user AS technician ON technician.tenant_id = i.tenant_id AND technician.id = i.assigned_to;

COMMENT ON VIEW public.v_incident IS 'Incidents with machine and technician; source of r_incident';

GRANT SELECT ON public.v_incident TO app_reader, app_writer;
