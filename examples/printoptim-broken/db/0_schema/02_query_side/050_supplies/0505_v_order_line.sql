CREATE OR REPLACE VIEW public.v_order_line
WITH (security_invoker = true) AS
SELECT
    l.tenant_id,
    l.order_id,
    l.line_number,
    l.consumable_kind_code,
    k.label AS consumable_label,
    k.ink,
    l.quantity,
    l.delivered_quantity,
    l.quantity - l.delivered_quantity AS open_quantity,
    l.line_total,
    m.serial_number
FROM public.w_order_line AS l
    JOIN public.c_consumable_kind AS k ON k.code = l.consumable_kind_code
    LEFT JOIN public.w_machine AS m ON m.tenant_id = l.tenant_id AND m.id = l.machine_id;

COMMENT ON VIEW public.v_order_line IS 'Order lines with catalogue labels';

GRANT SELECT ON public.v_order_line TO app_reader, app_writer;
