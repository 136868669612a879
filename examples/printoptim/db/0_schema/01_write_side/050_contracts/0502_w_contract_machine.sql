CREATE TABLE public.w_contract_machine (
    tenant_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    machine_id uuid NOT NULL,
    covered_during daterange NOT NULL,
    start_pages_mono public.page_count NOT NULL DEFAULT 0,
    start_pages_color public.page_count NOT NULL DEFAULT 0,
    CONSTRAINT pk_w_contract_machine PRIMARY KEY (tenant_id, contract_id, machine_id),
    CONSTRAINT fk_w_contract_machine_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_contract_machine_contract FOREIGN KEY (tenant_id, contract_id)
        REFERENCES public.w_contract (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_w_contract_machine_machine FOREIGN KEY (tenant_id, machine_id)
        REFERENCES public.w_machine (tenant_id, id),
    -- a machine is paid for once
    CONSTRAINT ex_w_contract_machine_one_contract EXCLUDE USING gist (
        tenant_id WITH =, machine_id WITH =, covered_during WITH &&
    )
);

CREATE INDEX ix_w_contract_machine_tenant_id_machine_id ON public.w_contract_machine (tenant_id, machine_id);

COMMENT ON TABLE public.w_contract_machine IS 'Machines covered by a contract';
COMMENT ON COLUMN public.w_contract_machine.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_contract_machine.contract_id IS 'Contract';
COMMENT ON COLUMN public.w_contract_machine.machine_id IS 'Machine';
COMMENT ON COLUMN public.w_contract_machine.covered_during IS 'Days the machine is covered, within the term';
COMMENT ON COLUMN public.w_contract_machine.start_pages_mono IS 'Black counter on the first day: the base of the first invoice';
COMMENT ON COLUMN public.w_contract_machine.start_pages_color IS 'Colour counter on the first day';

ALTER TABLE public.w_contract_machine ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_contract_machine FORCE ROW LEVEL SECURITY;

CREATE POLICY w_contract_machine_tenant ON public.w_contract_machine
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_contract_machine TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.w_contract_machine TO app_writer;
