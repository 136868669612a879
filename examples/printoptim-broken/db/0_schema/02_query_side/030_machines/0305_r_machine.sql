-- Read model behind the fleet list: filtered and sorted on every column, so it is a table.

CREATE TABLE public.r_machine (
    tenant_id uuid NOT NULL,
    machine_id uuid NOT NULL,
    serial_number public.serial_number NOT NULL,
    status public.machine_status NOT NULL,
    customer_id uuid,
    site_id uuid,
    last_read_at timestamptz,
    lowest_toner_percent integer,
    document jsonb NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_r_machine PRIMARY KEY (tenant_id, machine_id),
    CONSTRAINT fk_r_machine_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id) ON DELETE CASCADE
);

CREATE INDEX ix_r_machine_tenant_id_customer_id_site_id ON public.r_machine (tenant_id, customer_id, site_id);
CREATE INDEX ix_r_machine_tenant_id_lowest_toner_percent
    ON public.r_machine (tenant_id, lowest_toner_percent)
    WHERE lowest_toner_percent < 20;

COMMENT ON TABLE public.r_machine IS 'Fleet list, one document a machine; filled by fn_refresh_r_machine';
COMMENT ON COLUMN public.r_machine.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.r_machine.machine_id IS 'Machine';
COMMENT ON COLUMN public.r_machine.serial_number IS 'Serial number as printed on the type plate';
COMMENT ON COLUMN public.r_machine.status IS 'Status when the row was last refreshed';
COMMENT ON COLUMN public.r_machine.customer_id IS 'Customer';
COMMENT ON COLUMN public.r_machine.site_id IS 'Site where it is today';
COMMENT ON COLUMN public.r_machine.last_read_at IS 'Latest reading';
COMMENT ON COLUMN public.r_machine.lowest_toner_percent IS 'Emptiest of its toners';
COMMENT ON COLUMN public.r_machine.document IS 'What the API returns';
COMMENT ON COLUMN public.r_machine.refreshed_at IS 'When the row was projected';

ALTER TABLE public.r_machine ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.r_machine FORCE ROW LEVEL SECURITY;

CREATE POLICY r_machine_tenant ON public.r_machine
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.r_machine TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.r_machine TO app_writer;
