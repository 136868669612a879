CREATE TABLE public.w_invoice (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    customer_id uuid NOT NULL,
    contract_id uuid,
    invoice_number text,
    status public.invoice_status NOT NULL DEFAULT 'prepared',
    currency_code text NOT NULL,
    period_covered daterange,
    issued_on date,
    due_on date,
    billing_address public.postal_address,
    total_net public.amount NOT NULL DEFAULT 0,
    total_vat public.amount NOT NULL DEFAULT 0,
    total_gross public.amount GENERATED ALWAYS AS (total_net::numeric + total_vat::numeric) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_invoice PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_invoice_tenant_id_invoice_number UNIQUE (tenant_id, invoice_number),
    CONSTRAINT fk_w_invoice_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_invoice_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES public.w_customer (tenant_id, id),
    CONSTRAINT fk_w_invoice_contract FOREIGN KEY (tenant_id, contract_id) REFERENCES public.w_contract (tenant_id, id),
    CONSTRAINT fk_w_invoice_currency FOREIGN KEY (currency_code) REFERENCES public.c_currency (code),
    CONSTRAINT ck_w_invoice_issued CHECK (
        status = 'prepared'
        OR num_nulls(invoice_number, issued_on, due_on) = 0
    )
);

CREATE INDEX ix_w_invoice_tenant_id_customer_id ON public.w_invoice (tenant_id, customer_id);
CREATE INDEX ix_w_invoice_tenant_id_contract_id ON public.w_invoice (tenant_id, contract_id);
CREATE INDEX ix_w_invoice_currency_code ON public.w_invoice (currency_code);
CREATE INDEX ix_w_invoice_tenant_id_due_on ON public.w_invoice (tenant_id, due_on)
    WHERE status IN ('issued', 'overdue');

COMMENT ON TABLE public.w_invoice IS 'Invoices and credit notes';
COMMENT ON COLUMN public.w_invoice.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_invoice.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_invoice.customer_id IS 'Who pays';
COMMENT ON COLUMN public.w_invoice.contract_id IS 'Contract; empty for a sale';
COMMENT ON COLUMN public.w_invoice.invoice_number IS 'Without gaps, given when issued';
COMMENT ON COLUMN public.w_invoice.status IS 'Progress';
COMMENT ON COLUMN public.w_invoice.currency_code IS 'Currency of all amounts';
COMMENT ON COLUMN public.w_invoice.period_covered IS 'Period of a contract invoice';
COMMENT ON COLUMN public.w_invoice.issued_on IS 'Date of the invoice';
COMMENT ON COLUMN public.w_invoice.due_on IS 'Last day to pay';
COMMENT ON COLUMN public.w_invoice.billing_address IS 'Copied when issued';
COMMENT ON COLUMN public.w_invoice.total_net IS 'Before VAT';
COMMENT ON COLUMN public.w_invoice.total_vat IS 'VAT';
COMMENT ON COLUMN public.w_invoice.total_gross IS 'To pay';
COMMENT ON COLUMN public.w_invoice.created_at IS 'Creation';
COMMENT ON COLUMN public.w_invoice.updated_at IS 'Last change';

ALTER TABLE public.w_invoice ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_invoice FORCE ROW LEVEL SECURITY;

CREATE POLICY w_invoice_tenant ON public.w_invoice
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_invoice_touch
    BEFORE UPDATE ON public.w_invoice
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_invoice TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_invoice TO app_writer;
