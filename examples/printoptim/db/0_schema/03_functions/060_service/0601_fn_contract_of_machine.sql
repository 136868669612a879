CREATE OR REPLACE FUNCTION public.fn_contract_of_machine(p_tenant_id uuid, p_machine_id uuid, p_on date)
RETURNS uuid
LANGUAGE sql
STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT km.contract_id
    FROM public.w_contract_machine AS km
        JOIN public.w_contract AS k ON k.tenant_id = km.tenant_id AND k.id = km.contract_id
    WHERE km.tenant_id = p_tenant_id
        AND km.machine_id = p_machine_id
        AND km.covered_during @> p_on
        AND k.status = 'signed';
$$;

COMMENT ON FUNCTION public.fn_contract_of_machine(uuid, uuid, date) IS 'Contract that covers a machine on a day, null when none does';

REVOKE EXECUTE ON FUNCTION public.fn_contract_of_machine(uuid, uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_contract_of_machine(uuid, uuid, date) TO app_reader, app_writer;
