CREATE OR REPLACE FUNCTION public.fn_retire_machine(p_tenant_id uuid, p_machine_id uuid, p_reason text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_contracts text;
BEGIN
    SELECT string_agg(k.reference, ', ' ORDER BY k.reference)
    INTO STRICT v_contracts
    FROM public.w_contract_machine AS km
        JOIN public.w_contract AS k ON k.tenant_id = km.tenant_id AND k.id = km.contract_id
    WHERE km.tenant_id = p_tenant_id
        AND km.machine_id = p_machine_id
        AND km.covered_during @> CURRENT_DATE;

    IF v_contracts IS NOT NULL THEN
        RAISE EXCEPTION 'machine is still covered by contract %', v_contracts
            USING ERRCODE = 'object_in_use';
    END IF;

    UPDATE public.w_machine AS m
    SET status = 'retired',
        retired_at = now(),
        attributes = m.attributes || jsonb_build_object('retired_because', p_reason)
    WHERE m.tenant_id = p_tenant_id
        AND m.id = p_machine_id;

    UPDATE public.w_machine_placement AS p
    SET placed_during = p.placed_during * daterange(NULL, CURRENT_DATE + 1)
    WHERE p.tenant_id = p_tenant_id
        AND p.machine_id = p_machine_id
        AND upper_inf(p.placed_during);

    PERFORM public.fn_refresh_r_machine(p_tenant_id, p_machine_id);
END;
$$;

COMMENT ON FUNCTION public.fn_retire_machine(uuid, uuid, text) IS 'Takes a machine out of the fleet; refused while a contract covers it';

REVOKE EXECUTE ON FUNCTION public.fn_retire_machine(uuid, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_retire_machine(uuid, uuid, text) TO app_writer;
