-- Night job, as the owner of the views. CONCURRENTLY once they have been filled: reports are read at night in Canada.

CREATE OR REPLACE PROCEDURE public.fn_refresh_reports()
LANGUAGE plpgsql
AS $$
BEGIN
    IF (SELECT c.relispopulated FROM pg_catalog.pg_class AS c WHERE c.oid = 'public.mv_monthly_volume'::regclass) THEN
        REFRESH MATERIALIZED VIEW CONCURRENTLY public.mv_monthly_volume;
    ELSE
        REFRESH MATERIALIZED VIEW public.mv_monthly_volume;
    END IF;

    REFRESH MATERIALIZED VIEW public.mv_revenue_by_month;
END;
$$;

COMMENT ON PROCEDURE public.fn_refresh_reports() IS 'Refreshes the materialised views of the reports';

REVOKE EXECUTE ON PROCEDURE public.fn_refresh_reports() FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE public.fn_refresh_reports() TO app_operator;
