CREATE OR REPLACE VIEW public.v_order
WITH (security_invoker = true) AS
SELECT
    o.tenant_id,
    o.id,
    o.reference,
    o.status,
    o.customer_id,
    c.label AS customer_label,
    s.label AS site_label,
    requester.full_name AS requester_name,
    o.wanted_on,
    o.submitted_at,
    o.currency_code,
    coalesce(lines.total, 0)::numeric(14, 2) AS total,
    coalesce(lines.is_complete, false) AS is_complete,
    lines.items
FROM public.w_order AS o
    JOIN public.w_customer AS c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
    JOIN public.w_site AS s ON s.tenant_id = o.tenant_id AND s.id = o.deliver_to_site_id
    LEFT JOIN public.w_user AS requester ON requester.tenant_id = o.tenant_id AND requester.id = o.requested_by
    LEFT JOIN (
        SELECT
            v.tenant_id,
            v.order_id,
            sum(v.line_total) AS total,
            bool_and(v.open_quantity = 0) AS is_complete,
            jsonb_agg(
                jsonb_build_object('line', v.line_number, 'label', v.consumable_label, 'quantity', v.quantity)
                ORDER BY v.line_number
            ) AS items
        FROM public.v_order_line AS v
        GROUP BY v.tenant_id, v.order_id
    ) AS lines ON lines.tenant_id = o.tenant_id AND lines.order_id = o.id;

COMMENT ON VIEW public.v_order IS 'Orders with totals and lines; source of r_order';

GRANT SELECT ON public.v_order TO app_reader, app_writer;
