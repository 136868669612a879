-- Pages between two readings. A negative difference means that the main board was replaced.

CREATE OR REPLACE VIEW public.v_reading_delta
WITH (security_invoker = true) AS
WITH ordered AS (
    SELECT
        r.tenant_id,
        r.machine_id,
        r.read_at,
        r.pages_mono,
        r.pages_color,
        lag(r.pages_mono) OVER previous AS previous_mono,
        lag(r.pages_color) OVER previous AS previous_color,
        lag(r.read_at) OVER previous AS previous_read_at
    FROM public.w_reading AS r
    WHERE r.source <> 'estimate'
    WINDOW previous AS (PARTITION BY r.tenant_id, r.machine_id ORDER BY r.read_at)
)
SELECT
    o.tenant_id,
    o.machine_id,
    o.previous_read_at AS period_start,
    o.read_at AS period_end,
    greatest(o.pages_mono - o.previous_mono, 0) AS printed_mono,
    greatest(o.pages_color - o.previous_color, 0) AS printed_color,
    o.pages_mono < o.previous_mono AS board_replaced
FROM ordered AS o
WHERE o.previous_read_at IS NOT NULL;

COMMENT ON VIEW public.v_reading_delta IS 'Pages printed between consecutive readings';

GRANT SELECT ON public.v_reading_delta TO app_reader;
