CREATE OR REPLACE FUNCTION public.fn_freeze_invoice()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF OLD.status = 'prepared' THEN
        RETURN NEW;
    END IF;

    IF (NEW.invoice_number, NEW.issued_on, NEW.total_net, NEW.total_vat, NEW.customer_id)
        IS DISTINCT FROM (OLD.invoice_number, OLD.issued_on, OLD.total_net, OLD.total_vat, OLD.customer_id)
    THEN
        RAISE EXCEPTION 'invoice % is issued and may not change', OLD.invoice_number
            USING ERRCODE = 'integrity_constraint_violation',
                  HINT = 'Write a credit note.';
    END IF;

    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION public.fn_freeze_invoice() IS 'BEFORE UPDATE on w_invoice: an issued invoice keeps its content';

CREATE TRIGGER trg_w_invoice_freeze
    BEFORE UPDATE ON public.w_invoice
    FOR EACH ROW EXECUTE FUNCTION public.fn_freeze_invoice();
