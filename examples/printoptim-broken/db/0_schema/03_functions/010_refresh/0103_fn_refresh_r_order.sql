CREATE OR REPLACE FUNCTION public.fn_refresh_r_order(p_tenant_id uuid, p_order_id uuid DEFAULT NULL)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
    INSERT INTO public.r_order (tenant_id, order_id, reference, status, customer_id, total, document, refreshed_at)
    SELECT
        v.tenant_id,
        v.id,
        v.reference,
        v.status,
        v.customer_id,
        v.total,
        jsonb_strip_nulls(jsonb_build_object(
            'reference', v.reference,
            'customer', v.customer_label,
            'site', v.site_label,
            'requester', v.requester_name,
            'wanted', v.wanted_on,
            'total', jsonb_build_object('value', v.total, 'currency', v.currency_code),
            'complete', v.is_complete,
            'lines', v.items
        )),
        now()
    FROM public.v_order AS v
    WHERE v.tenant_id = p_tenant_id
        AND (p_order_id IS NULL OR v.id = p_order_id)
    ON CONFLICT (tenant_id, order_id) DO UPDATE
        SET status = EXCLUDED.status,
            total = EXCLUDED.total,
            document = EXCLUDED.document,
            refreshed_at = EXCLUDED.refreshed_at;
$$;

COMMENT ON FUNCTION public.fn_refresh_r_order(uuid, uuid) IS 'Projects v_order into r_order';

REVOKE EXECUTE ON FUNCTION public.fn_refresh_r_order(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_refresh_r_order(uuid, uuid) TO app_writer, app_operator;
