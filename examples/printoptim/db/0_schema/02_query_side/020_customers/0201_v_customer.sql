CREATE OR REPLACE VIEW public.v_customer
WITH (security_invoker = true) AS
SELECT
    c.tenant_id,
    c.id,
    c.code,
    c.label,
    c.country_code,
    country.label AS country_label,
    c.billing_email,
    c.payment_days,
    c.credit_limit,
    manager.full_name AS account_manager_name,
    (
        SELECT count(*)
        FROM public.w_site AS s
        WHERE s.tenant_id = c.tenant_id
            AND s.customer_id = c.id
            AND s.closed_on IS NULL
    ) AS open_site_count
FROM public.w_customer AS c
    JOIN public.c_country AS country ON country.code = c.country_code
    LEFT JOIN public.w_user AS manager
        ON manager.tenant_id = c.tenant_id AND manager.id = c.account_manager_id;

COMMENT ON VIEW public.v_customer IS 'Customers with country, account manager and number of sites';

GRANT SELECT ON public.v_customer TO app_reader;
