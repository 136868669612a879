CREATE OR REPLACE VIEW public.v_invoice
WITH (security_invoker = true) AS
SELECT
    i.tenant_id,
    i.id,
    i.invoice_number,
    i.status,
    i.customer_id,
    c.label AS customer_label,
    i.currency_code,
    i.issued_on,
    i.due_on,
    i.total_gross,
    coalesce(paid.amount, 0)::numeric(14, 2) AS paid_amount,
    (i.total_gross::numeric - coalesce(paid.amount, 0))::numeric(14, 2) AS open_amount
FROM public.w_invoice AS i
    JOIN public.w_customer AS c ON c.tenant_id = i.tenant_id AND c.id = i.customer_id
    LEFT JOIN LATERAL (
        SELECT sum(p.paid_amount::numeric) AS amount
        FROM public.w_payment AS p
        WHERE p.tenant_id = i.tenant_id
            AND p.invoice_id = i.id
    ) AS paid ON true;

COMMENT ON VIEW public.v_invoice IS 'Invoices with what is still open';

GRANT SELECT ON public.v_invoice TO app_reader, app_writer;
