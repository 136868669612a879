CREATE OR REPLACE VIEW public.v_machine
WITH (security_invoker = true) AS
SELECT
    m.tenant_id,
    m.id,
    m.serial_number,
    m.status,
    m.asset_tag,
    model.label AS model_label,
    maker.label AS manufacturer_label,
    model.has_color,
    m.customer_id,
    c.label AS customer_label,
    place.site_id,
    place.site_label,
    place.place,
    reading.read_at AS last_read_at,
    reading.pages_mono,
    reading.pages_color,
    reading.toner_percent,
    alerts.standing AS standing_alerts
FROM public.w_machine AS m
    JOIN public.c_machine_model AS model ON model.id = m.machine_model_id
    JOIN public.c_manufacturer AS maker ON maker.code = model.manufacturer_code
    LEFT JOIN public.w_customer AS c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
    LEFT JOIN public.v_machine_current_placement AS place
        ON place.tenant_id = m.tenant_id AND place.machine_id = m.id
    LEFT JOIN public.v_machine_last_reading AS reading
        ON reading.tenant_id = m.tenant_id AND reading.machine_id = m.id
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('alert', a.alert_code, 'ink', a.ink, 'since', a.raised_at)) AS standing
        FROM public.w_machine_alert AS a
        WHERE a.tenant_id = m.tenant_id
            AND a.machine_id = m.id
            AND a.cleared_at IS NULL
    ) AS alerts ON true;

COMMENT ON VIEW public.v_machine IS 'Everything the machine page shows; source of r_machine';

GRANT SELECT ON public.v_machine TO app_reader, app_writer;
