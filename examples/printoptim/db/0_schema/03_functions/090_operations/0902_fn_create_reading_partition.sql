CREATE OR REPLACE FUNCTION public.fn_create_reading_partition(p_year integer)
RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_name text := format('w_reading_%s', p_year);
BEGIN
    IF p_year NOT BETWEEN 2020 AND 2099 THEN
        RAISE EXCEPTION 'year % is not plausible', p_year;
    END IF;

    IF to_regclass(format('public.%I', v_name)) IS NOT NULL THEN
        RETURN false;
    END IF;

    EXECUTE format(
        'CREATE TABLE public.%I PARTITION OF public.w_reading FOR VALUES FROM (%L) TO (%L)',
        v_name,
        make_timestamptz(p_year, 1, 1, 0, 0, 0, 'UTC'),
        make_timestamptz(p_year + 1, 1, 1, 0, 0, 0, 'UTC')
    );
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', v_name);
    EXECUTE format(
        'CREATE POLICY %I ON public.%I USING (tenant_id = (SELECT current_setting(%L, true)::uuid))',
        v_name || '_tenant',
        v_name,
        'app.tenant_id'
    );

    RETURN true;
END;
$$;

COMMENT ON FUNCTION public.fn_create_reading_partition(integer) IS 'Creates the partition of a year; false when it exists';

REVOKE EXECUTE ON FUNCTION public.fn_create_reading_partition(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_create_reading_partition(integer) TO app_operator;
