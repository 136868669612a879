CREATE OR REPLACE VIEW public.v_machine_last_reading
WITH (security_invoker = true) AS
SELECT DISTINCT ON (r.tenant_id, r.machine_id)
    r.tenant_id,
    r.machine_id,
    r.read_at,
    r.source,
    r.pages_mono,
    r.pages_color,
    r.toner_percent
FROM public.w_reading AS r
ORDER BY r.tenant_id, r.machine_id, r.read_at DESC;

COMMENT ON VIEW public.v_machine_last_reading IS 'Latest reading of each machine';

GRANT SELECT ON public.v_machine_last_reading TO app_reader;
