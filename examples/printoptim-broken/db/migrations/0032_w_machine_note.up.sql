-- Notes of technicians, so far kept in the free text of incidents.
SET LOCAL lock_timeout = '2s';

CREATE TABLE public.w_machine_note (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    machine_id uuid NOT NULL,
    written_by uuid,
    body text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_machine_note PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_w_machine_note_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_machine_note_machine FOREIGN KEY (tenant_id, machine_id)
        REFERENCES public.w_machine (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_w_machine_note_written_by FOREIGN KEY (tenant_id, written_by)
        REFERENCES public.w_user (tenant_id, id)
);

CREATE INDEX ix_w_machine_note_tenant_id_machine_id ON public.w_machine_note (tenant_id, machine_id);
CREATE INDEX ix_w_machine_note_tenant_id_written_by ON public.w_machine_note (tenant_id, written_by);

COMMENT ON TABLE public.w_machine_note IS 'What technicians tell each other about a machine';
COMMENT ON COLUMN public.w_machine_note.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_machine_note.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_machine_note.machine_id IS 'Machine';
COMMENT ON COLUMN public.w_machine_note.written_by IS 'Technician; empty for imported notes';
COMMENT ON COLUMN public.w_machine_note.body IS 'Text';
COMMENT ON COLUMN public.w_machine_note.written_at IS 'When';

ALTER TABLE public.w_machine_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_machine_note FORCE ROW LEVEL SECURITY;

CREATE POLICY w_machine_note_tenant ON public.w_machine_note
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_machine_note TO app_reader;
GRANT SELECT, INSERT ON public.w_machine_note TO app_writer;
