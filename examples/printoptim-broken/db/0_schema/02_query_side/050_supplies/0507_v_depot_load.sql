-- The depot screen wants the share of each depot, the share wants the depots: somebody had to be first.

-- expect: dependency-cycle @ public.v_depot_load
-- expect: forward-reference @ public.v_depot_load
CREATE OR REPLACE VIEW public.v_depot_load
WITH (security_invoker = true) AS
SELECT s.tenant_id, s.depot_id, sum(s.quantity) AS pieces, share.percent
FROM public.w_stock AS s
    JOIN public.v_depot_share AS share ON share.tenant_id = s.tenant_id AND share.depot_id = s.depot_id
GROUP BY s.tenant_id, s.depot_id, share.percent;

COMMENT ON VIEW public.v_depot_load IS 'Pieces in each depot';
