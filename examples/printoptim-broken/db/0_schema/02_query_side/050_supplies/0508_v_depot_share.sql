CREATE OR REPLACE VIEW public.v_depot_share
WITH (security_invoker = true) AS
SELECT l.tenant_id, l.depot_id, round(100.0 * l.pieces / sum(l.pieces) OVER (PARTITION BY l.tenant_id), 1) AS percent
FROM public.v_depot_load AS l;

COMMENT ON VIEW public.v_depot_share IS 'Share of each depot in the stock of the dealer';
