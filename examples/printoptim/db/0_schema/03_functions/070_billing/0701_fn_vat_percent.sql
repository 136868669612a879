CREATE OR REPLACE FUNCTION public.fn_vat_percent(p_country_code text, p_on date)
RETURNS numeric
LANGUAGE sql
STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT coalesce(max(v.rate::numeric), 0)
    FROM public.c_vat_rate AS v
    WHERE v.country_code = p_country_code
        AND v.valid_during @> p_on;
$$;

COMMENT ON FUNCTION public.fn_vat_percent(text, date) IS 'Standard rate of a country on a day; 0 where we charge none';

REVOKE EXECUTE ON FUNCTION public.fn_vat_percent(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_vat_percent(text, date) TO app_reader, app_writer;
