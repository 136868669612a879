-- expect: prefer-timestamptz @ public.w_machine.retired_at
-- expect: float-for-money @ public.w_machine.purchase_price
CREATE TABLE public.w_machine (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    serial_number public.serial_number NOT NULL,
    machine_model_id bigint NOT NULL,
    customer_id uuid,
    status public.machine_status NOT NULL DEFAULT 'in_stock',
    asset_tag text,
    ip_address inet,
    mac_address macaddr,
    firmware_version text,
    purchased_on date,
    purchase_price real,
    attributes jsonb NOT NULL DEFAULT '{}',
    retired_at timestamp,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_machine PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_machine_tenant_id_serial_number UNIQUE (tenant_id, serial_number),
    CONSTRAINT fk_w_machine_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_machine_model FOREIGN KEY (machine_model_id) REFERENCES public.c_machine_model (id),
    CONSTRAINT fk_w_machine_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES public.w_customer (tenant_id, id),
    CONSTRAINT ck_w_machine_retired CHECK ((status = 'retired') = (retired_at IS NOT NULL)),
    CONSTRAINT ck_w_machine_installed CHECK (status <> 'installed' OR customer_id IS NOT NULL)
);

CREATE INDEX ix_w_machine_machine_model_id ON public.w_machine (machine_model_id);
CREATE INDEX ix_w_machine_tenant_id_customer_id ON public.w_machine (tenant_id, customer_id);
CREATE INDEX ix_w_machine_tenant_id_ip_address ON public.w_machine (tenant_id, ip_address) WHERE retired_at IS NULL;
CREATE INDEX ix_w_machine_attributes ON public.w_machine USING gin (attributes jsonb_path_ops);

COMMENT ON TABLE public.w_machine IS 'Printers, copiers and scanners of a dealer''s customers';
COMMENT ON COLUMN public.w_machine.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_machine.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_machine.serial_number IS 'Serial number as printed on the type plate';
COMMENT ON COLUMN public.w_machine.machine_model_id IS 'Model in the common catalogue';
COMMENT ON COLUMN public.w_machine.customer_id IS 'Customer who uses it; empty while in stock';
COMMENT ON COLUMN public.w_machine.status IS 'Where it is in its life';
COMMENT ON COLUMN public.w_machine.asset_tag IS 'Inventory number of the customer';
COMMENT ON COLUMN public.w_machine.ip_address IS 'Last address the collector saw';
COMMENT ON COLUMN public.w_machine.mac_address IS 'Finds the machine again after a DHCP change';
COMMENT ON COLUMN public.w_machine.firmware_version IS 'As reported by SNMP';
COMMENT ON COLUMN public.w_machine.purchased_on IS 'Date of the supplier''s invoice';
COMMENT ON COLUMN public.w_machine.purchase_price IS 'What the dealer paid';
COMMENT ON COLUMN public.w_machine.attributes IS 'What the MIB gave and nobody has asked for yet';
COMMENT ON COLUMN public.w_machine.retired_at IS 'Set together with the status retired';
COMMENT ON COLUMN public.w_machine.created_at IS 'Creation';
COMMENT ON COLUMN public.w_machine.updated_at IS 'Last change';

ALTER TABLE public.w_machine ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_machine FORCE ROW LEVEL SECURITY;

CREATE POLICY w_machine_tenant ON public.w_machine
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_machine_touch
    BEFORE UPDATE ON public.w_machine
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_machine TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_machine TO app_writer;
