CREATE MATERIALIZED VIEW public.mv_revenue_by_month AS
SELECT
    i.tenant_id,
    date_trunc('month', i.issued_on)::date AS month_start,
    i.currency_code,
    k.kind AS contract_kind,
    sum(i.total_net::numeric) AS revenue_net,
    count(DISTINCT i.customer_id) AS customer_count
FROM public.w_invoice AS i
    LEFT JOIN public.w_contract AS k ON k.tenant_id = i.tenant_id AND k.id = i.contract_id
WHERE i.status <> 'prepared'
GROUP BY i.tenant_id, date_trunc('month', i.issued_on), i.currency_code, k.kind
WITH NO DATA;

CREATE UNIQUE INDEX ux_mv_revenue_by_month
    ON public.mv_revenue_by_month (tenant_id, month_start, currency_code, contract_kind) NULLS NOT DISTINCT;

COMMENT ON MATERIALIZED VIEW public.mv_revenue_by_month IS 'Turnover by month and kind of contract; not granted, read by fn_revenue_by_month';

-- expect: materialized-view-exposes-tenant-data @ public.mv_revenue_by_month
GRANT SELECT ON public.mv_revenue_by_month TO app_reader;
