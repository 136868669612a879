-- The figures of the monthly meeting with the customer. Time spent waiting for a part does not count.

CREATE OR REPLACE VIEW public.v_service_level
WITH (security_invoker = true) AS
WITH waiting AS (
    SELECT
        t.tenant_id,
        t.incident_id,
        sum(t.time_in_old_status) FILTER (WHERE t.old_status = 'waiting_for_part') AS waited
    FROM public.v_incident_timeline AS t
    GROUP BY t.tenant_id, t.incident_id
),
measured AS (
    SELECT
        v.tenant_id,
        v.customer_id,
        date_trunc('month', v.opened_at) AS month_start,
        v.resolved_at - v.opened_at - coalesce(w.waited, interval '0') AS effective_time,
        v.resolved_at - coalesce(w.waited, interval '0') <= v.due_at AS kept
    FROM public.v_incident AS v
        LEFT JOIN waiting AS w ON w.tenant_id = v.tenant_id AND w.incident_id = v.id
    WHERE v.resolved_at IS NOT NULL
)
SELECT
    measured.tenant_id,
    measured.customer_id,
    measured.month_start,
    count(*) AS incident_count,
    round(100.0 * count(*) FILTER (WHERE measured.kept) / count(*), 1) AS kept_percent,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY measured.effective_time) AS p90_time
FROM measured
GROUP BY measured.tenant_id, measured.customer_id, measured.month_start;

COMMENT ON VIEW public.v_service_level IS 'Share of incidents solved in time, by customer and month';

GRANT SELECT ON public.v_service_level TO app_reader;
