-- expect: projection-not-refreshed-after-write @ public.fn_sign_contract
CREATE OR REPLACE FUNCTION public.fn_sign_contract(
    p_tenant_id uuid,
    p_contract_id uuid,
    p_signed_at timestamptz DEFAULT now()
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE public.w_contract AS k
    SET status = 'signed',
        signed_at = p_signed_at
    WHERE k.tenant_id = p_tenant_id
        AND k.id = p_contract_id
        AND k.status = 'draft'
        AND EXISTS (
            SELECT 1
            FROM public.w_contract_machine AS km
            WHERE km.tenant_id = k.tenant_id
                AND km.contract_id = k.id
        );

    IF NOT FOUND THEN
        RAISE EXCEPTION 'only a draft that covers a machine can be signed';
    END IF;

END;
$$;

COMMENT ON FUNCTION public.fn_sign_contract(uuid, uuid, timestamptz) IS 'Makes a draft binding';

REVOKE EXECUTE ON FUNCTION public.fn_sign_contract(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_sign_contract(uuid, uuid, timestamptz) TO app_writer;
