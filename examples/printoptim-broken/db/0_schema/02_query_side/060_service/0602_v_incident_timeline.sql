CREATE OR REPLACE VIEW public.v_incident_timeline
WITH (security_invoker = true) AS
SELECT
    e.tenant_id,
    e.incident_id,
    i.ticket_number,
    e.old_status,
    e.new_status,
    e.note,
    e.happened_at,
    e.happened_at - lag(e.happened_at) OVER (
        PARTITION BY e.tenant_id, e.incident_id
        ORDER BY e.happened_at
    ) AS time_in_old_status
FROM public.w_incident_event AS e
    JOIN public.w_incident AS i ON i.tenant_id = e.tenant_id AND i.id = e.incident_id;

COMMENT ON VIEW public.v_incident_timeline IS 'How long each incident stayed in each status';

GRANT SELECT ON public.v_incident_timeline TO app_reader;
