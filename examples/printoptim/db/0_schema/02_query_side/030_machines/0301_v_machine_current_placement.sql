-- Where each machine is today. At most one row a machine: the exclusion constraint sees to it.

CREATE OR REPLACE VIEW public.v_machine_current_placement
WITH (security_invoker = true) AS
SELECT
    p.tenant_id,
    p.machine_id,
    p.location_id,
    l.site_id,
    s.label AS site_label,
    concat_ws(' / ', nullif(l.building, ''), l.floor_label, l.room) AS place,
    lower(p.placed_during) AS placed_on
FROM public.w_machine_placement AS p
    JOIN public.w_location AS l ON l.tenant_id = p.tenant_id AND l.id = p.location_id
    JOIN public.w_site AS s ON s.tenant_id = l.tenant_id AND s.id = l.site_id
WHERE p.placed_during @> CURRENT_DATE;

COMMENT ON VIEW public.v_machine_current_placement IS 'Site and place of each installed machine';

GRANT SELECT ON public.v_machine_current_placement TO app_reader;
