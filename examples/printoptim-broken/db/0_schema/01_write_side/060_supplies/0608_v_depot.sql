-- expect: object-in-wrong-directory @ public.v_depot
CREATE OR REPLACE VIEW public.v_depot
WITH (security_invoker = true) AS
SELECT d.tenant_id, d.id, d.label, s.label AS site_label
FROM public.w_depot AS d
    LEFT JOIN public.w_site AS s ON s.tenant_id = d.tenant_id AND s.id = d.site_id;

COMMENT ON VIEW public.v_depot IS 'Depots for the drop-down of the delivery form';

GRANT SELECT ON public.v_depot TO app_reader;
