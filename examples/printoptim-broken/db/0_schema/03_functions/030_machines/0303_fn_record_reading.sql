-- Called by the collectors, several thousand times an hour, often twice with the same reading.

-- expect: on-conflict-without-unique @ public.fn_record_reading
CREATE OR REPLACE FUNCTION public.fn_record_reading(
    p_tenant_id uuid,
    p_serial_number text,
    p_read_at timestamptz,
    p_pages_mono bigint,
    p_pages_color bigint DEFAULT 0,
    p_toner jsonb DEFAULT NULL,
    p_source public.reading_source DEFAULT 'snmp'
) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_machine_id uuid;
BEGIN
    SELECT m.id
    INTO STRICT v_machine_id
    FROM public.w_machine AS m
    WHERE m.tenant_id = p_tenant_id
        AND m.serial_number = upper(p_serial_number);

    INSERT INTO public.w_reading (tenant_id, machine_id, read_at, source, pages_mono, pages_color, toner_percent)
    VALUES (p_tenant_id, v_machine_id, p_read_at, p_source, p_pages_mono, p_pages_color, p_toner)
    ON CONFLICT (tenant_id, machine_id, read_at) DO NOTHING;

    IF NOT FOUND THEN
        RETURN false;
    END IF;

    IF p_toner IS NOT NULL THEN
        INSERT INTO public.w_machine_alert (tenant_id, machine_id, alert_code, ink, raised_at, payload)
        SELECT p_tenant_id, v_machine_id, 'toner_low', t.ink::public.ink_color, p_read_at, p_toner
        FROM jsonb_each_text(p_toner) AS t (ink, percent)
        WHERE t.percent::integer < 10
        ON CONFLICT DO NOTHING;
    END IF;

    PERFORM public.fn_refresh_r_machine(p_tenant_id, v_machine_id);

    RETURN true;
EXCEPTION
    WHEN no_data_found THEN
        RAISE WARNING 'reading of unknown machine %', p_serial_number;
        RETURN false;
END;
$$;

COMMENT ON FUNCTION public.fn_record_reading(uuid, text, timestamptz, bigint, bigint, jsonb, public.reading_source)
    IS 'Stores a counter reading; false when it was known already or the machine is not';

REVOKE EXECUTE ON FUNCTION public.fn_record_reading(uuid, text, timestamptz, bigint, bigint, jsonb, public.reading_source) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_record_reading(uuid, text, timestamptz, bigint, bigint, jsonb, public.reading_source) TO app_writer;
