CREATE OR REPLACE FUNCTION public.fn_register_machine(
    p_tenant_id uuid,
    p_serial_number text,
    p_manufacturer_code text,
    p_model_reference text,
    p_customer_id uuid DEFAULT NULL
) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_model_id bigint;
    v_id uuid := gen_random_uuid();
BEGIN
    BEGIN
        SELECT m.id
        INTO STRICT v_model_id
        FROM public.c_machine_model AS m
        WHERE m.manufacturer_code = p_manufacturer_code
            AND m.reference = p_model_reference;
    EXCEPTION
        WHEN no_data_found THEN
            RAISE EXCEPTION 'model % of % is not in the catalogue', p_model_reference, p_manufacturer_code
                USING HINT = 'Ask the catalogue team to add it.';
    END;

    INSERT INTO public.w_machine (tenant_id, id, serial_number, machine_model_id, customer_id, status)
    VALUES (
        p_tenant_id,
        v_id,
        upper(btrim(p_serial_number)),
        v_model_id,
        p_customer_id,
        CASE WHEN p_customer_id IS NULL THEN 'in_stock' ELSE 'installed' END::public.machine_status
    );

    PERFORM public.fn_refresh_r_machine(p_tenant_id, v_id);

    RETURN v_id;
END;
$$;

COMMENT ON FUNCTION public.fn_register_machine(uuid, text, text, text, uuid) IS 'Takes a machine into the fleet, at a customer''s or in stock';

REVOKE EXECUTE ON FUNCTION public.fn_register_machine(uuid, text, text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_register_machine(uuid, text, text, text, uuid) TO app_writer;
