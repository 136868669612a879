-- expect: unbounded-dml @ public.fn_refresh_r_customer_lifetime_value
-- expect: tenant-predicate-missing @ public.fn_refresh_r_customer_lifetime_value
CREATE OR REPLACE FUNCTION public.fn_refresh_r_customer_lifetime_value(p_tenant_id uuid, p_customer_id uuid)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    DELETE FROM public.r_customer_lifetime_value;

    WITH paid AS (
        SELECT i.tenant_id, i.customer_id, i.currency_code, sum(p.paid_amount::numeric) AS total
        FROM public.w_payment AS p
            JOIN public.w_invoice AS i ON i.tenant_id = p.tenant_id AND i.id = p.invoice_id
        WHERE p.tenant_id = p_tenant_id
            AND i.customer_id = p_customer_id
        GROUP BY i.tenant_id, i.customer_id, i.currency_code
    )
    INSERT INTO public.r_customer_lifetime_value
        (tenant_id, customer_id, currency_code, invoiced_net, paid_total, invoice_count, first_invoice_on)
    SELECT
        i.tenant_id,
        i.customer_id,
        i.currency_code,
        sum(i.total_net::numeric),
        coalesce(max(paid.total), 0),
        count(*),
        min(i.issued_on)
    FROM public.w_invoice AS i
        LEFT JOIN paid
            ON paid.tenant_id = i.tenant_id
            AND paid.customer_id = i.customer_id
            AND paid.currency_code = i.currency_code
    WHERE i.tenant_id = p_tenant_id
        AND i.customer_id = p_customer_id
        AND i.status <> 'prepared'
    GROUP BY i.tenant_id, i.customer_id, i.currency_code;
END;
$$;

COMMENT ON FUNCTION public.fn_refresh_r_customer_lifetime_value(uuid, uuid) IS 'Recomputes one customer';

REVOKE EXECUTE ON FUNCTION public.fn_refresh_r_customer_lifetime_value(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_refresh_r_customer_lifetime_value(uuid, uuid) TO app_writer;
