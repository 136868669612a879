-- Readings older than the contract demands, in slices so that replication keeps up.

CREATE OR REPLACE FUNCTION public.fn_purge_readings(
    p_tenant_id uuid,
    p_before timestamptz,
    p_slice integer DEFAULT 50000
) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_rows bigint;
BEGIN
    IF p_before > now() - interval '3 years' THEN
        RAISE EXCEPTION 'readings are kept for three years' USING ERRCODE = 'check_violation';
    END IF;

    WITH slice AS (
        SELECT r.tenant_id, r.machine_id, r.read_at
        FROM public.w_reading AS r
        WHERE r.tenant_id = p_tenant_id
            AND r.read_at < p_before
        ORDER BY r.read_at
        LIMIT p_slice
    )
    DELETE FROM public.w_reading AS r
    USING slice
    WHERE r.tenant_id = slice.tenant_id
        AND r.machine_id = slice.machine_id
        AND r.read_at = slice.read_at;

    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END;
$$;

COMMENT ON FUNCTION public.fn_purge_readings(uuid, timestamptz, integer) IS 'Deletes a slice of old readings; call again until it returns 0';

REVOKE EXECUTE ON FUNCTION public.fn_purge_readings(uuid, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_purge_readings(uuid, timestamptz, integer) TO app_operator;
