-- For the monitoring page: is the table of a fresh import empty?

-- expect: dynamic-sql-injection @ public.fn_count_rows
CREATE OR REPLACE FUNCTION public.fn_count_rows(p_table text)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_rows bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM prep_seed.' || p_table INTO STRICT v_rows;
    RETURN v_rows;
END;
$$;

COMMENT ON FUNCTION public.fn_count_rows(text) IS 'Rows of a staging table';

REVOKE EXECUTE ON FUNCTION public.fn_count_rows(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_count_rows(text) TO app_operator;
