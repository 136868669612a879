CREATE TABLE public.r_incident (
    tenant_id uuid NOT NULL,
    incident_id uuid NOT NULL,
    ticket_number bigint NOT NULL,
    severity public.incident_severity NOT NULL,
    status public.incident_status NOT NULL,
    due_at timestamptz NOT NULL,
    document jsonb NOT NULL,
    search_text tsvector NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_r_incident PRIMARY KEY (tenant_id, incident_id),
    CONSTRAINT fk_r_incident_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id) ON DELETE CASCADE
);

CREATE INDEX ix_r_incident_tenant_id_status_due_at ON public.r_incident (tenant_id, status, due_at);
CREATE INDEX ix_r_incident_search_text ON public.r_incident USING gin (search_text);

COMMENT ON TABLE public.r_incident IS 'Incident list with full-text search; filled by fn_refresh_r_incident';
COMMENT ON COLUMN public.r_incident.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.r_incident.incident_id IS 'Incident';
COMMENT ON COLUMN public.r_incident.ticket_number IS 'Number given on the telephone';
COMMENT ON COLUMN public.r_incident.severity IS 'Severity agreed with the customer';
COMMENT ON COLUMN public.r_incident.status IS 'Status when the row was last refreshed';
COMMENT ON COLUMN public.r_incident.due_at IS 'Promised time';
COMMENT ON COLUMN public.r_incident.document IS 'What the API returns';
COMMENT ON COLUMN public.r_incident.search_text IS 'Summary, serial number and technician';
COMMENT ON COLUMN public.r_incident.refreshed_at IS 'When the row was projected';

ALTER TABLE public.r_incident ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.r_incident FORCE ROW LEVEL SECURITY;

CREATE POLICY r_incident_tenant ON public.r_incident
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.r_incident TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.r_incident TO app_writer;
