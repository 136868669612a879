-- expect: function-volatility-wrong @ public.fn_next_invoice_number
CREATE OR REPLACE FUNCTION public.fn_next_invoice_number(p_tenant_id uuid, p_on date)
RETURNS text
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_year integer := extract(year FROM p_on);
    v_number bigint;
BEGIN
    INSERT INTO public.w_document_counter AS c (tenant_id, document_kind, fiscal_year, last_number)
    VALUES (p_tenant_id, 'invoice', v_year, 1)
    ON CONFLICT (tenant_id, document_kind, fiscal_year) DO UPDATE
        SET last_number = c.last_number + 1
    RETURNING c.last_number INTO STRICT v_number;

    RETURN format('F%s-%s', v_year, lpad(v_number::text, 5, '0'));
END;
$$;

COMMENT ON FUNCTION public.fn_next_invoice_number(uuid, date) IS 'Next number without gaps; holds a row lock until commit';

REVOKE EXECUTE ON FUNCTION public.fn_next_invoice_number(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_next_invoice_number(uuid, date) TO app_writer;
