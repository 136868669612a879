-- Policies of the parent do not protect a partition that is queried directly, so each gets its own.
-- New years: fn_create_reading_partition, called by the night job in December.

CREATE TABLE public.w_reading_2025 PARTITION OF public.w_reading
    FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00');
CREATE TABLE public.w_reading_2026 PARTITION OF public.w_reading
    FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');
CREATE TABLE public.w_reading_other PARTITION OF public.w_reading DEFAULT;

COMMENT ON TABLE public.w_reading_2025 IS 'Readings of 2025';
COMMENT ON TABLE public.w_reading_2026 IS 'Readings of 2026';
COMMENT ON TABLE public.w_reading_other IS 'Readings outside of the years that have a partition; should be empty';

ALTER TABLE public.w_reading_2025 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE public.w_reading_2026 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE public.w_reading_other ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY w_reading_2025_tenant ON public.w_reading_2025
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));
CREATE POLICY w_reading_2026_tenant ON public.w_reading_2026
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));
CREATE POLICY w_reading_other_tenant ON public.w_reading_other
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));
