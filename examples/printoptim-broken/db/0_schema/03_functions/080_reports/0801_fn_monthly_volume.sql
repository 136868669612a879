-- The body is parsed when the function is created: renaming a column of the view fails loudly.

CREATE OR REPLACE FUNCTION public.fn_monthly_volume(p_machine_id uuid, p_months integer DEFAULT 12)
RETURNS TABLE (month_start date, printed_mono bigint, printed_color bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT v.month_start, v.printed_mono::bigint, v.printed_color::bigint
    FROM public.mv_monthly_volume AS v
    WHERE v.tenant_id = (SELECT current_setting('app.tenant_id')::uuid)
        AND v.machine_id = p_machine_id
        AND v.month_start > CURRENT_DATE - make_interval(months => p_months)
    ORDER BY v.month_start;
END;

COMMENT ON FUNCTION public.fn_monthly_volume(uuid, integer) IS 'Pages by month of one machine of the current dealer';

REVOKE EXECUTE ON FUNCTION public.fn_monthly_volume(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_monthly_volume(uuid, integer) TO app_reader;
