CREATE OR REPLACE FUNCTION public.fn_create_contract(
    p_tenant_id uuid,
    p_customer_id uuid,
    p_reference text,
    p_kind public.contract_kind,
    p_valid_during daterange,
    p_prices jsonb
) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_id uuid := gen_random_uuid();
BEGIN
    IF lower_inf(p_valid_during) OR isempty(p_valid_during) THEN
        RAISE EXCEPTION 'a contract needs a first day' USING ERRCODE = 'check_violation';
    END IF;

    INSERT INTO public.w_contract
        (tenant_id, id, customer_id, reference, kind, valid_during, flat_fee, page_cost_mono, page_cost_color)
    VALUES (
        p_tenant_id,
        v_id,
        p_customer_id,
        p_reference,
        p_kind,
        p_valid_during,
        coalesce((p_prices ->> 'flat_fee')::numeric, 0),
        coalesce((p_prices ->> 'mono')::numeric, 0),
        coalesce((p_prices ->> 'color')::numeric, 0)
    );

    PERFORM public.fn_refresh_r_contract(p_tenant_id, v_id);

    RETURN v_id;
END;
$$;

COMMENT ON FUNCTION public.fn_create_contract(uuid, uuid, text, public.contract_kind, daterange, jsonb) IS 'Creates a draft';

REVOKE EXECUTE ON FUNCTION public.fn_create_contract(uuid, uuid, text, public.contract_kind, daterange, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_create_contract(uuid, uuid, text, public.contract_kind, daterange, jsonb) TO app_writer;
