CREATE OR REPLACE VIEW public.v_invoice_aging
WITH (security_invoker = true) AS
SELECT
    v.tenant_id,
    v.customer_id,
    v.customer_label,
    v.currency_code,
    sum(v.open_amount) FILTER (WHERE v.due_on >= CURRENT_DATE) AS not_due,
    sum(v.open_amount) FILTER (WHERE v.due_on < CURRENT_DATE AND v.due_on >= CURRENT_DATE - 30) AS late_30_days,
    sum(v.open_amount) FILTER (WHERE v.due_on < CURRENT_DATE - 30) AS late_longer,
    rank() OVER (PARTITION BY v.tenant_id ORDER BY sum(v.open_amount) DESC) AS debtor_rank
FROM public.v_invoice AS v
WHERE v.status IN ('issued', 'overdue')
GROUP BY v.tenant_id, v.customer_id, v.customer_label, v.currency_code;

COMMENT ON VIEW public.v_invoice_aging IS 'Open amounts by age, largest debtor first';

GRANT SELECT ON public.v_invoice_aging TO app_reader;
