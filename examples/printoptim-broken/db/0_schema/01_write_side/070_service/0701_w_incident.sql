CREATE TABLE public.w_incident (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    ticket_number bigint GENERATED ALWAYS AS IDENTITY (START WITH 5000),
    machine_id uuid NOT NULL,
    cause_code text,
    severity public.incident_severity NOT NULL,
    status public.incident_status NOT NULL DEFAULT 'open',
    summary text NOT NULL,
    details text,
    reported_by uuid,
    assigned_to uuid,
    opened_at timestamptz NOT NULL DEFAULT now(),
    due_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolution text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_incident PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_incident_tenant_id_ticket_number UNIQUE (tenant_id, ticket_number),
    CONSTRAINT fk_w_incident_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_incident_machine FOREIGN KEY (tenant_id, machine_id) REFERENCES public.w_machine (tenant_id, id),
    CONSTRAINT fk_w_incident_cause FOREIGN KEY (cause_code) REFERENCES public.c_incident_cause (code),
    CONSTRAINT fk_w_incident_reported_by FOREIGN KEY (tenant_id, reported_by) REFERENCES public.w_user (tenant_id, id),
    CONSTRAINT fk_w_incident_assigned_to FOREIGN KEY (tenant_id, assigned_to) REFERENCES public.w_user (tenant_id, id),
    CONSTRAINT ck_w_incident_due_at CHECK (due_at > opened_at),
    CONSTRAINT ck_w_incident_resolved CHECK ((status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL))
);

CREATE INDEX ix_w_incident_tenant_id_machine_id ON public.w_incident (tenant_id, machine_id);
-- expect: non-immutable-index-expression @ public.ix_w_incident_tenant_id_opened_at
CREATE INDEX ix_w_incident_tenant_id_opened_at ON public.w_incident (tenant_id, (opened_at::date));
CREATE INDEX ix_w_incident_cause_code ON public.w_incident (cause_code);
CREATE INDEX ix_w_incident_tenant_id_reported_by ON public.w_incident (tenant_id, reported_by);
CREATE INDEX ix_w_incident_tenant_id_assigned_to ON public.w_incident (tenant_id, assigned_to);
CREATE INDEX ix_w_incident_tenant_id_due_at ON public.w_incident (tenant_id, due_at) WHERE resolved_at IS NULL;

COMMENT ON TABLE public.w_incident IS 'Breakdowns and requests about one machine';
COMMENT ON COLUMN public.w_incident.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_incident.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_incident.ticket_number IS 'Number given on the telephone';
COMMENT ON COLUMN public.w_incident.machine_id IS 'Machine';
COMMENT ON COLUMN public.w_incident.cause_code IS 'Cause, once known';
COMMENT ON COLUMN public.w_incident.severity IS 'How bad it is for the customer';
COMMENT ON COLUMN public.w_incident.status IS 'Progress';
COMMENT ON COLUMN public.w_incident.summary IS 'One line';
COMMENT ON COLUMN public.w_incident.details IS 'What the customer wrote';
COMMENT ON COLUMN public.w_incident.reported_by IS 'Person; empty when the machine reported itself';
COMMENT ON COLUMN public.w_incident.assigned_to IS 'Technician';
COMMENT ON COLUMN public.w_incident.opened_at IS 'Start of the clock';
COMMENT ON COLUMN public.w_incident.due_at IS 'End of the promised time';
COMMENT ON COLUMN public.w_incident.resolved_at IS 'Machine works again';
COMMENT ON COLUMN public.w_incident.resolution IS 'What was done';
COMMENT ON COLUMN public.w_incident.updated_at IS 'Last change';

ALTER TABLE public.w_incident ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_incident FORCE ROW LEVEL SECURITY;

CREATE POLICY w_incident_tenant ON public.w_incident
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_incident_touch
    BEFORE UPDATE ON public.w_incident
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_incident TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_incident TO app_writer;
