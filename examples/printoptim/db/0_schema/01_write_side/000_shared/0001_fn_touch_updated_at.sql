CREATE OR REPLACE FUNCTION public.fn_touch_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    -- an update that changes nothing is not a change
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.updated_at := clock_timestamp();
    END IF;

    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION public.fn_touch_updated_at() IS 'BEFORE UPDATE: keeps updated_at honest, whoever writes';
