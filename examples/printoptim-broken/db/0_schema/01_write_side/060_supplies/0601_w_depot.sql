-- expect: snake-case @ public.w_depot.isVan
CREATE TABLE public.w_depot (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    label text NOT NULL,
    site_id uuid,
    "isVan" boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_w_depot PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_depot_tenant_id_label UNIQUE (tenant_id, label),
    CONSTRAINT fk_w_depot_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_depot_site FOREIGN KEY (tenant_id, site_id) REFERENCES public.w_site (tenant_id, id)
);

CREATE INDEX ix_w_depot_tenant_id_site_id ON public.w_depot (tenant_id, site_id);

COMMENT ON TABLE public.w_depot IS 'Places with a stock: warehouse, cupboard at the customer, boot of a van';
COMMENT ON COLUMN public.w_depot.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_depot.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_depot.label IS 'Name';
COMMENT ON COLUMN public.w_depot.site_id IS 'Set for a cupboard at a customer''s';
COMMENT ON COLUMN public.w_depot."isVan" IS 'Moves around; counted every Friday';

-- expect: rls-not-forced @ public.w_depot
ALTER TABLE public.w_depot ENABLE ROW LEVEL SECURITY;

CREATE POLICY w_depot_tenant ON public.w_depot
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_depot TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_depot TO app_writer;
