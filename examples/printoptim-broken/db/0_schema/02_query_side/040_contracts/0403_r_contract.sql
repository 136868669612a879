CREATE TABLE public.r_contract (
    tenant_id uuid NOT NULL CONSTRAINT fk_r_contract_tenant REFERENCES public.w_tenant (id) ON DELETE CASCADE,
    contract_id uuid NOT NULL,
    reference text NOT NULL,
    status public.contract_status NOT NULL,
    machine_count bigint NOT NULL,
    document jsonb NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_r_contract PRIMARY KEY (tenant_id, contract_id)
);

CREATE INDEX ix_r_contract_document ON public.r_contract USING gin (document jsonb_path_ops);

COMMENT ON TABLE public.r_contract IS 'Contracts as the API returns them; filled by fn_refresh_r_contract';
COMMENT ON COLUMN public.r_contract.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.r_contract.contract_id IS 'Contract';
COMMENT ON COLUMN public.r_contract.reference IS 'Number on the paper';
COMMENT ON COLUMN public.r_contract.status IS 'Status when the row was last refreshed';
COMMENT ON COLUMN public.r_contract.machine_count IS 'Machines covered';
COMMENT ON COLUMN public.r_contract.document IS 'What the API returns';
COMMENT ON COLUMN public.r_contract.refreshed_at IS 'When the row was projected';

ALTER TABLE public.r_contract ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.r_contract FORCE ROW LEVEL SECURITY;

CREATE POLICY r_contract_tenant ON public.r_contract
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.r_contract TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.r_contract TO app_writer;
