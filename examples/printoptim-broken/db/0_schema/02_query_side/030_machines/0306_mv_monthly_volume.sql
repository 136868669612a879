-- Row-level security does not reach a materialised view: nothing is granted here.
-- The API reads it through fn_monthly_volume.

CREATE MATERIALIZED VIEW public.mv_monthly_volume AS
SELECT
    r.tenant_id,
    r.machine_id,
    (date_trunc('month', r.read_at AT TIME ZONE 'UTC'))::date AS month_start,
    max(r.pages_mono) - min(r.pages_mono) AS printed_mono,
    max(r.pages_color) - min(r.pages_color) AS printed_color,
    count(*) AS reading_count
FROM public.w_reading AS r
GROUP BY r.tenant_id, r.machine_id, month_start
WITH NO DATA;

-- needed by REFRESH … CONCURRENTLY
CREATE UNIQUE INDEX ux_mv_monthly_volume_tenant_id_machine_id_month_start
    ON public.mv_monthly_volume (tenant_id, machine_id, month_start);

COMMENT ON MATERIALIZED VIEW public.mv_monthly_volume IS 'Pages a machine and month; refreshed at night by fn_refresh_reports';
