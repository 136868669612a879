CREATE OR REPLACE FUNCTION public.fn_cover_machine(
    p_tenant_id uuid,
    p_contract_id uuid,
    p_machine_id uuid,
    p_from date
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    -- counters of the last reading before the first day, or zero for a new machine
    INSERT INTO public.w_contract_machine
        (tenant_id, contract_id, machine_id, covered_during, start_pages_mono, start_pages_color)
    SELECT
        k.tenant_id,
        k.id,
        p_machine_id,
        k.valid_during * daterange(p_from, NULL),
        coalesce(before.pages_mono, 0),
        coalesce(before.pages_color, 0)
    FROM public.w_contract AS k
        LEFT JOIN LATERAL (
            SELECT r.pages_mono, r.pages_color
            FROM public.w_reading AS r
            WHERE r.tenant_id = k.tenant_id
                AND r.machine_id = p_machine_id
                AND r.read_at < p_from
            ORDER BY r.read_at DESC
            LIMIT 1
        ) AS before ON true
    WHERE k.tenant_id = p_tenant_id
        AND k.id = p_contract_id
        AND k.status IN ('draft', 'signed');

    IF NOT FOUND THEN
        RAISE EXCEPTION 'contract % does not exist or is over', p_contract_id;
    END IF;

    PERFORM public.fn_refresh_r_contract(p_tenant_id, p_contract_id);
EXCEPTION
    WHEN exclusion_violation THEN
        RAISE EXCEPTION 'machine % is covered by another contract at that time', p_machine_id
            USING ERRCODE = 'exclusion_violation';
END;
$$;

COMMENT ON FUNCTION public.fn_cover_machine(uuid, uuid, uuid, date) IS 'Adds a machine to a contract';

REVOKE EXECUTE ON FUNCTION public.fn_cover_machine(uuid, uuid, uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_cover_machine(uuid, uuid, uuid, date) TO app_writer;
