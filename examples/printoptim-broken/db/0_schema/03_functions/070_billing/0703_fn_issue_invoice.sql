-- Invoices one contract for one period: flat fee, then a line for each machine that printed.

CREATE OR REPLACE FUNCTION public.fn_issue_invoice(
    p_tenant_id uuid,
    p_contract_id uuid,
    p_period daterange,
    p_issued_on date DEFAULT CURRENT_DATE
) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_contract public.w_contract;
    v_customer public.w_customer;
    v_vat numeric;
    v_net numeric;
    v_id uuid := gen_random_uuid();
BEGIN
    SELECT k.* INTO STRICT v_contract
    FROM public.w_contract AS k
    WHERE k.tenant_id = p_tenant_id AND k.id = p_contract_id
    FOR SHARE;

    IF v_contract.status <> 'signed' THEN
        RAISE EXCEPTION 'contract % is %', v_contract.reference, v_contract.status;
    END IF;

    SELECT c.* INTO STRICT v_customer
    FROM public.w_customer AS c
    WHERE c.tenant_id = p_tenant_id AND c.id = v_contract.customer_id;

    v_vat := public.fn_vat_percent(v_customer.country_code, p_issued_on);

    INSERT INTO public.w_invoice (tenant_id, id, customer_id, contract_id, currency_code, period_covered, billing_address)
    VALUES (p_tenant_id, v_id, v_customer.id, p_contract_id, v_contract.currency_code, p_period, v_customer.billing_address);

    IF v_contract.flat_fee > 0 THEN
        INSERT INTO public.w_invoice_line (tenant_id, invoice_id, line_number, label, quantity, unit_cost, vat_percent)
        VALUES (p_tenant_id, v_id, 1, format('Contract %s', v_contract.reference), 1, v_contract.flat_fee, v_vat);
    END IF;

    INSERT INTO public.w_invoice_line
        (tenant_id, invoice_id, line_number, label, machine_id, quantity, unit_cost, vat_percent)
    SELECT
        p_tenant_id,
        v_id,
        1 + row_number() OVER (ORDER BY m.serial_number),
        format('Pages of %s', m.serial_number),
        m.id,
        printed.pages,
        v_contract.page_cost_mono,
        v_vat
    FROM public.w_contract_machine AS km
        JOIN public.w_machine AS m ON m.tenant_id = km.tenant_id AND m.id = km.machine_id
        CROSS JOIN LATERAL (
            SELECT max(r.pages_total) - min(r.pages_total) AS pages
            FROM public.w_reading AS r
            WHERE r.tenant_id = km.tenant_id
                AND r.machine_id = km.machine_id
                AND r.read_at >= lower(p_period)
                AND r.read_at < upper(p_period)
        ) AS printed
    WHERE km.tenant_id = p_tenant_id
        AND km.contract_id = p_contract_id
        AND printed.pages > 0;

    SELECT coalesce(sum(l.line_net), 0)
    INTO STRICT v_net
    FROM public.w_invoice_line AS l
    WHERE l.tenant_id = p_tenant_id AND l.invoice_id = v_id;

    UPDATE public.w_invoice AS i
    SET status = 'issued',
        invoice_number = public.fn_next_invoice_number(p_tenant_id, p_issued_on),
        issued_on = p_issued_on,
        due_on = p_issued_on + v_customer.payment_days,
        total_net = v_net,
        total_vat = round(v_net * v_vat / 100, 2)
    WHERE i.tenant_id = p_tenant_id AND i.id = v_id;

    RETURN v_id;
END;
$$;

COMMENT ON FUNCTION public.fn_issue_invoice(uuid, uuid, daterange, date) IS 'Computes, numbers and issues an invoice';

REVOKE EXECUTE ON FUNCTION public.fn_issue_invoice(uuid, uuid, daterange, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_issue_invoice(uuid, uuid, daterange, date) TO app_writer;
