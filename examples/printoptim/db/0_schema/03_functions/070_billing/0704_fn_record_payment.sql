CREATE OR REPLACE FUNCTION public.fn_record_payment(
    p_tenant_id uuid,
    p_invoice_id uuid,
    p_paid_amount numeric,
    p_method public.payment_method,
    p_paid_on date,
    p_bank_reference text DEFAULT NULL
) RETURNS numeric
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_open numeric;
BEGIN
    INSERT INTO public.w_payment (tenant_id, invoice_id, method, paid_amount, paid_on, bank_reference)
    VALUES (p_tenant_id, p_invoice_id, p_method, p_paid_amount, p_paid_on, p_bank_reference)
    ON CONFLICT (tenant_id, bank_reference) WHERE bank_reference IS NOT NULL DO NOTHING;

    SELECT v.open_amount
    INTO STRICT v_open
    FROM public.v_invoice AS v
    WHERE v.tenant_id = p_tenant_id
        AND v.id = p_invoice_id;

    IF v_open <= 0 THEN
        UPDATE public.w_invoice AS i
        SET status = 'paid'
        WHERE i.tenant_id = p_tenant_id
            AND i.id = p_invoice_id
            AND i.status IN ('issued', 'overdue');
    END IF;

    RETURN v_open;
END;
$$;

COMMENT ON FUNCTION public.fn_record_payment(uuid, uuid, numeric, public.payment_method, date, text) IS 'Books a payment; returns what is still open';

REVOKE EXECUTE ON FUNCTION public.fn_record_payment(uuid, uuid, numeric, public.payment_method, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_record_payment(uuid, uuid, numeric, public.payment_method, date, text) TO app_writer;
