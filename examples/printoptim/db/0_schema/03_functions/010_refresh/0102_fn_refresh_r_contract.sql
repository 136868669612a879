CREATE OR REPLACE FUNCTION public.fn_refresh_r_contract(p_tenant_id uuid, p_contract_id uuid DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    DELETE FROM public.r_contract
    WHERE tenant_id = p_tenant_id
        AND contract_id = coalesce(p_contract_id, contract_id);

    INSERT INTO public.r_contract (tenant_id, contract_id, reference, status, machine_count, document)
    SELECT
        v.tenant_id,
        v.id,
        v.reference,
        v.status,
        v.machine_count,
        to_jsonb(v) - 'tenant_id'
    FROM public.v_contract AS v
    WHERE v.tenant_id = p_tenant_id
        AND v.id = coalesce(p_contract_id, v.id);
END;
$$;

COMMENT ON FUNCTION public.fn_refresh_r_contract(uuid, uuid) IS 'Rebuilds r_contract for one contract or a whole dealer';

REVOKE EXECUTE ON FUNCTION public.fn_refresh_r_contract(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_refresh_r_contract(uuid, uuid) TO app_writer, app_operator;
