CREATE OR REPLACE VIEW public.v_stock_level
WITH (security_invoker = true) AS
SELECT
    s.tenant_id,
    s.depot_id,
    d.label AS depot_label,
    s.consumable_kind_code,
    k.label AS consumable_label,
    s.quantity,
    s.reorder_at,
    s.quantity <= s.reorder_at AS must_reorder,
    sum(s.quantity) OVER (PARTITION BY s.tenant_id, s.consumable_kind_code) AS quantity_everywhere
FROM public.w_stock AS s
    JOIN public.w_depot AS d ON d.tenant_id = s.tenant_id AND d.id = s.depot_id
    JOIN public.c_consumable_kind AS k ON k.code = s.consumable_kind_code;

COMMENT ON VIEW public.v_stock_level IS 'Stock by depot, with the quantity in all depots beside it';

GRANT SELECT ON public.v_stock_level TO app_reader;
