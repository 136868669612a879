-- References look like CMD-2026-100042.

CREATE OR REPLACE FUNCTION public.fn_number_order()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    NEW.reference := format(
        'CMD-%s-%s',
        to_char(coalesce(NEW.created_at, now()), 'YYYY'),
        nextval('public.seq_order_reference')
    );
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION public.fn_number_order() IS 'BEFORE INSERT on w_order: gives the reference';

CREATE TRIGGER trg_w_order_number
    BEFORE INSERT ON public.w_order
    FOR EACH ROW
    WHEN (NEW.reference IS NULL OR NEW.reference = '')
    EXECUTE FUNCTION public.fn_number_order();
