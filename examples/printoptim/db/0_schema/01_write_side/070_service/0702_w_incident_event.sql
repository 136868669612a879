CREATE TABLE public.w_incident_event (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_w_incident_event PRIMARY KEY,
    tenant_id uuid NOT NULL CONSTRAINT fk_w_incident_event_tenant REFERENCES public.w_tenant (id),
    incident_id uuid NOT NULL,
    old_status public.incident_status,
    new_status public.incident_status NOT NULL,
    note text,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT fk_w_incident_event_incident FOREIGN KEY (tenant_id, incident_id)
        REFERENCES public.w_incident (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_w_incident_event_tenant_id_incident_id_happened_at
    ON public.w_incident_event (tenant_id, incident_id, happened_at);

COMMENT ON TABLE public.w_incident_event IS 'Status changes of incidents, for the service-level report';
COMMENT ON COLUMN public.w_incident_event.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_incident_event.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_incident_event.incident_id IS 'Incident';
COMMENT ON COLUMN public.w_incident_event.old_status IS 'Empty for the first event';
COMMENT ON COLUMN public.w_incident_event.new_status IS 'Status from then on';
COMMENT ON COLUMN public.w_incident_event.note IS 'Why';
COMMENT ON COLUMN public.w_incident_event.happened_at IS 'When; the real time, not that of the transaction';

ALTER TABLE public.w_incident_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_incident_event FORCE ROW LEVEL SECURITY;

CREATE POLICY w_incident_event_tenant ON public.w_incident_event
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_incident_event TO app_reader;
GRANT SELECT, INSERT ON public.w_incident_event TO app_writer;
