CREATE OR REPLACE FUNCTION public.fn_revenue_by_month(p_from date, p_until date)
RETURNS TABLE (month_start date, currency_code text, contract_kind public.contract_kind, revenue_net numeric)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF p_until < p_from THEN
        RAISE EXCEPTION 'period % to % is empty', p_from, p_until;
    END IF;

    RETURN QUERY
    SELECT v.month_start, v.currency_code, v.contract_kind, v.revenue_net
    FROM public.mv_revenue_by_month AS v
    WHERE v.tenant_id = current_setting('app.tenant_id')::uuid
        AND v.month_start BETWEEN p_from AND p_until
    ORDER BY v.month_start, v.currency_code;
END;
$$;

COMMENT ON FUNCTION public.fn_revenue_by_month(date, date) IS 'Turnover of the current dealer';

REVOKE EXECUTE ON FUNCTION public.fn_revenue_by_month(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_revenue_by_month(date, date) TO app_reader;
