-- expect: projection-without-refresh-path @ public.r_toner_forecast
CREATE TABLE public.r_toner_forecast (
    tenant_id uuid NOT NULL,
    machine_id uuid NOT NULL,
    ink public.ink_color NOT NULL,
    empty_on date NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_r_toner_forecast PRIMARY KEY (tenant_id, machine_id, ink),
    CONSTRAINT fk_r_toner_forecast_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.r_toner_forecast IS 'Day each toner runs out';
COMMENT ON COLUMN public.r_toner_forecast.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.r_toner_forecast.machine_id IS 'Machine';
COMMENT ON COLUMN public.r_toner_forecast.ink IS 'Colour';
COMMENT ON COLUMN public.r_toner_forecast.empty_on IS 'Linear forecast over thirty days';
COMMENT ON COLUMN public.r_toner_forecast.refreshed_at IS 'When the row was projected';

ALTER TABLE public.r_toner_forecast ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.r_toner_forecast FORCE ROW LEVEL SECURITY;

CREATE POLICY r_toner_forecast_tenant ON public.r_toner_forecast
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.r_toner_forecast TO app_reader;
