CREATE OR REPLACE VIEW public.v_service_level_quarter
WITH (security_invoker = true) AS
SELECT v.tenant_id, v.customer_id, date_trunc('quarter', v.month_start) AS quarter_start, avg(v.kept_percent) AS kept_percent
FROM public.v_service_level AS v
GROUP BY v.tenant_id, v.customer_id, date_trunc('quarter', v.month_start);

CREATE OR REPLACE VIEW public.v_service_level_year
WITH (security_invoker = true) AS
SELECT v.tenant_id, v.customer_id, date_trunc('year', v.quarter_start) AS year_start, avg(v.kept_percent) AS kept_percent
FROM public.v_service_level_quarter AS v
GROUP BY v.tenant_id, v.customer_id, date_trunc('year', v.quarter_start);

-- expect: view-depth @ public.v_service_level_ranking
CREATE OR REPLACE VIEW public.v_service_level_ranking
WITH (security_invoker = true) AS
SELECT v.tenant_id, v.customer_id, v.year_start, rank() OVER (PARTITION BY v.tenant_id, v.year_start ORDER BY v.kept_percent) AS place
FROM public.v_service_level_year AS v;

COMMENT ON VIEW public.v_service_level_quarter IS 'Service level by quarter';
COMMENT ON VIEW public.v_service_level_year IS 'Service level by year';
COMMENT ON VIEW public.v_service_level_ranking IS 'Customers by service level, worst first';
