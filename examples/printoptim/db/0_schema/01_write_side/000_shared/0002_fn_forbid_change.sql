-- For tables that only grow: readings, stock movements, audit.

CREATE OR REPLACE FUNCTION public.fn_forbid_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is not allowed', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = 'Write a correcting row instead.';
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION public.fn_forbid_change() IS 'BEFORE UPDATE OR DELETE: refuses, for append-only tables';
