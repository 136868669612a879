-- expect: inconsistent-column-types @ public.w_audit_entry.tenant_id
-- expect: tenant-column-type-mismatch @ public.w_audit_entry.tenant_id
-- expect: foreign-key-type-mismatch @ public.w_audit_entry
CREATE TABLE public.w_audit_entry (
    tenant_id text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    table_name text NOT NULL,
    operation text NOT NULL,
    row_before jsonb,
    row_after jsonb,
    changed_by text NOT NULL DEFAULT SESSION_USER,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_w_audit_entry PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_w_audit_entry_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT ck_w_audit_entry_operation CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE'))
);

CREATE INDEX ix_w_audit_entry_tenant_id_table_name_changed_at
    ON public.w_audit_entry (tenant_id, table_name, changed_at);

COMMENT ON TABLE public.w_audit_entry IS 'Changes of sensitive tables, kept ten years';
COMMENT ON COLUMN public.w_audit_entry.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_audit_entry.id IS 'Order of recording';
COMMENT ON COLUMN public.w_audit_entry.table_name IS 'Table changed';
COMMENT ON COLUMN public.w_audit_entry.operation IS 'What was done';
COMMENT ON COLUMN public.w_audit_entry.row_before IS 'Empty for an insert';
COMMENT ON COLUMN public.w_audit_entry.row_after IS 'Empty for a delete';
COMMENT ON COLUMN public.w_audit_entry.changed_by IS 'Log-in role';
COMMENT ON COLUMN public.w_audit_entry.changed_at IS 'When';

ALTER TABLE public.w_audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_audit_entry FORCE ROW LEVEL SECURITY;

CREATE POLICY w_audit_entry_read ON public.w_audit_entry
    FOR SELECT
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));
CREATE POLICY w_audit_entry_add ON public.w_audit_entry
    FOR INSERT
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_audit_entry_append_only
    BEFORE UPDATE OR DELETE ON public.w_audit_entry
    FOR EACH ROW EXECUTE FUNCTION public.fn_forbid_change();

GRANT SELECT ON public.w_audit_entry TO app_reader;
GRANT SELECT, INSERT ON public.w_audit_entry TO app_writer;
