-- Invoices and payments come from three places (API, bank file, night job): a trigger forgets none.

CREATE OR REPLACE FUNCTION public.fn_invoice_changed()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM public.fn_refresh_r_customer_lifetime_value(NEW.tenant_id, NEW.customer_id);
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION public.fn_payment_changed()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_customer_id uuid;
BEGIN
    SELECT i.customer_id
    INTO STRICT v_customer_id
    FROM public.w_invoice AS i
    WHERE i.tenant_id = NEW.tenant_id
        AND i.id = NEW.invoice_id;

    PERFORM public.fn_refresh_r_customer_lifetime_value(NEW.tenant_id, v_customer_id);
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION public.fn_invoice_changed() IS 'AFTER INSERT OR UPDATE on w_invoice: keeps the lifetime value';
COMMENT ON FUNCTION public.fn_payment_changed() IS 'AFTER INSERT on w_payment: keeps the lifetime value';

CREATE TRIGGER trg_w_invoice_lifetime_value
    AFTER INSERT OR UPDATE ON public.w_invoice
    FOR EACH ROW EXECUTE FUNCTION public.fn_invoice_changed();

CREATE TRIGGER trg_w_payment_lifetime_value
    AFTER INSERT ON public.w_payment
    FOR EACH ROW EXECUTE FUNCTION public.fn_payment_changed();
