CREATE TABLE public.w_tenant_setting (
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    content jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_tenant_setting PRIMARY KEY (tenant_id, name),
    CONSTRAINT fk_w_tenant_setting_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id) ON DELETE CASCADE,
    CONSTRAINT ck_w_tenant_setting_name CHECK (name ~ '^[a-z]+(\.[a-z_]+)*$')
);

COMMENT ON TABLE public.w_tenant_setting IS 'Preferences of a dealer; what is not here has its default in the code';
COMMENT ON COLUMN public.w_tenant_setting.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_tenant_setting.name IS 'Dotted name, e.g. toner.reorder_percent';
COMMENT ON COLUMN public.w_tenant_setting.content IS 'Any JSON value';
COMMENT ON COLUMN public.w_tenant_setting.updated_at IS 'Last change';

ALTER TABLE public.w_tenant_setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_tenant_setting FORCE ROW LEVEL SECURITY;

CREATE POLICY w_tenant_setting_tenant ON public.w_tenant_setting
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_tenant_setting_touch
    BEFORE UPDATE ON public.w_tenant_setting
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_tenant_setting TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.w_tenant_setting TO app_writer;
