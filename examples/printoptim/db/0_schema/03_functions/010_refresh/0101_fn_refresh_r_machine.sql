-- One machine, or the whole fleet of a dealer when p_machine_id is left out.

CREATE OR REPLACE FUNCTION public.fn_refresh_r_machine(
    p_tenant_id uuid,
    p_machine_id uuid DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_rows bigint;
BEGIN
    INSERT INTO public.r_machine AS r (
        tenant_id, machine_id, serial_number, status, customer_id, site_id,
        last_read_at, lowest_toner_percent, document, refreshed_at
    )
    SELECT
        v.tenant_id,
        v.id,
        v.serial_number,
        v.status,
        v.customer_id,
        v.site_id,
        v.last_read_at,
        (SELECT min(t.percent::integer) FROM jsonb_each_text(v.toner_percent) AS t (ink, percent)),
        jsonb_build_object(
            'id', v.id,
            'serial', v.serial_number,
            'model', jsonb_build_object('label', v.model_label, 'maker', v.manufacturer_label, 'color', v.has_color),
            'customer', v.customer_label,
            'site', v.site_label,
            'place', v.place,
            'counters', jsonb_build_object('mono', v.pages_mono, 'color', v.pages_color, 'at', v.last_read_at),
            'toner', v.toner_percent,
            'alerts', coalesce(v.standing_alerts, '[]'::jsonb)
        ),
        now()
    FROM public.v_machine AS v
    WHERE v.tenant_id = p_tenant_id
        AND (p_machine_id IS NULL OR v.id = p_machine_id)
    ON CONFLICT (tenant_id, machine_id) DO UPDATE
        SET serial_number = EXCLUDED.serial_number,
            status = EXCLUDED.status,
            customer_id = EXCLUDED.customer_id,
            site_id = EXCLUDED.site_id,
            last_read_at = EXCLUDED.last_read_at,
            lowest_toner_percent = EXCLUDED.lowest_toner_percent,
            document = EXCLUDED.document,
            refreshed_at = EXCLUDED.refreshed_at
        WHERE r.document IS DISTINCT FROM EXCLUDED.document
            OR r.status <> EXCLUDED.status;

    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END;
$$;

COMMENT ON FUNCTION public.fn_refresh_r_machine(uuid, uuid) IS 'Projects v_machine into r_machine; returns the rows that changed';

REVOKE EXECUTE ON FUNCTION public.fn_refresh_r_machine(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_refresh_r_machine(uuid, uuid) TO app_writer, app_operator;
