CREATE TABLE public.w_contract (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    customer_id uuid NOT NULL,
    reference text NOT NULL,
    kind public.contract_kind NOT NULL,
    status public.contract_status NOT NULL DEFAULT 'draft',
    cycle public.billing_cycle NOT NULL DEFAULT 'quarterly',
    currency_code text NOT NULL DEFAULT 'EUR',
    valid_during daterange NOT NULL,
    flat_fee public.amount NOT NULL DEFAULT 0,
    page_cost_mono public.unit_cost NOT NULL DEFAULT 0,
    page_cost_color public.unit_cost NOT NULL DEFAULT 0,
    included_pages_mono bigint NOT NULL DEFAULT 0,
    response_hours integer NOT NULL DEFAULT 8,
    signed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_contract PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_contract_tenant_id_reference UNIQUE (tenant_id, reference),
    CONSTRAINT fk_w_contract_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_contract_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES public.w_customer (tenant_id, id),
    CONSTRAINT fk_w_contract_currency FOREIGN KEY (currency_code) REFERENCES public.c_currency (code),
    CONSTRAINT ck_w_contract_signed CHECK (status = 'draft' OR signed_at IS NOT NULL),
    CONSTRAINT ck_w_contract_priced CHECK (
        CASE kind
            WHEN 'cost_per_page' THEN page_cost_mono > 0
            WHEN 'flat_fee' THEN flat_fee > 0
            ELSE true
        END
    )
);

CREATE INDEX ix_w_contract_tenant_id_customer_id ON public.w_contract (tenant_id, customer_id);
CREATE INDEX ix_w_contract_currency_code ON public.w_contract (currency_code);
CREATE INDEX ix_w_contract_tenant_id_upper_valid_during
    ON public.w_contract (tenant_id, upper(valid_during))
    WHERE status = 'signed';

COMMENT ON TABLE public.w_contract IS 'Service and lease contracts between a dealer and a customer';
COMMENT ON COLUMN public.w_contract.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_contract.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_contract.customer_id IS 'Customer';
COMMENT ON COLUMN public.w_contract.reference IS 'Number on the paper';
COMMENT ON COLUMN public.w_contract.kind IS 'How it is invoiced';
COMMENT ON COLUMN public.w_contract.status IS 'Draft until signed';
COMMENT ON COLUMN public.w_contract.cycle IS 'Length of an invoice period';
COMMENT ON COLUMN public.w_contract.currency_code IS 'Currency of every price here and of its invoices';
COMMENT ON COLUMN public.w_contract.valid_during IS 'Term; open when renewed tacitly';
COMMENT ON COLUMN public.w_contract.flat_fee IS 'Fixed amount per invoice period';
COMMENT ON COLUMN public.w_contract.page_cost_mono IS 'Price of a black page';
COMMENT ON COLUMN public.w_contract.page_cost_color IS 'Price of a colour page';
COMMENT ON COLUMN public.w_contract.included_pages_mono IS 'Black pages covered by the flat fee, per period';
COMMENT ON COLUMN public.w_contract.response_hours IS 'Working hours promised until a technician comes';
COMMENT ON COLUMN public.w_contract.signed_at IS 'Signature of the customer';
COMMENT ON COLUMN public.w_contract.created_at IS 'Creation';
COMMENT ON COLUMN public.w_contract.updated_at IS 'Last change';

ALTER TABLE public.w_contract ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_contract FORCE ROW LEVEL SECURITY;

CREATE POLICY w_contract_tenant ON public.w_contract
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_contract_touch
    BEFORE UPDATE ON public.w_contract
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_contract TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_contract TO app_writer;
