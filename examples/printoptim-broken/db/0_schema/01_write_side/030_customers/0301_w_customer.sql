-- expect: set-null-on-not-null-column @ public.w_customer
-- expect: no-money-type @ public.w_customer.credit_limit
CREATE TABLE public.w_customer (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    code text NOT NULL,
    label text NOT NULL,
    country_code text NOT NULL,
    vat_number text,
    billing_email public.email_address NOT NULL,
    billing_address public.postal_address,
    payment_days integer NOT NULL DEFAULT 30,
    credit_limit money,
    account_manager_id uuid,
    notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_customer PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_customer_tenant_id_code UNIQUE (tenant_id, code),
    CONSTRAINT fk_w_customer_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_customer_country FOREIGN KEY (country_code) REFERENCES public.c_country (code),
    CONSTRAINT fk_w_customer_account_manager FOREIGN KEY (tenant_id, account_manager_id)
        REFERENCES public.w_user (tenant_id, id) ON DELETE SET NULL,
    CONSTRAINT ck_w_customer_payment_days CHECK (payment_days BETWEEN 0 AND 90)
);

CREATE INDEX ix_w_customer_country_code ON public.w_customer (country_code);
CREATE INDEX ix_w_customer_tenant_id_account_manager_id ON public.w_customer (tenant_id, account_manager_id);
CREATE INDEX ix_w_customer_label ON public.w_customer USING gin (label gin_trgm_ops);

COMMENT ON TABLE public.w_customer IS 'Organisations whose machines a dealer looks after';
COMMENT ON COLUMN public.w_customer.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_customer.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_customer.code IS 'Customer number in the dealer''s accounting';
COMMENT ON COLUMN public.w_customer.label IS 'Legal name';
COMMENT ON COLUMN public.w_customer.country_code IS 'Country of establishment: decides the VAT';
COMMENT ON COLUMN public.w_customer.vat_number IS 'Checked against VIES by the API, not here';
COMMENT ON COLUMN public.w_customer.billing_email IS 'Receives the invoices';
COMMENT ON COLUMN public.w_customer.billing_address IS 'Empty when it is that of the first site';
COMMENT ON COLUMN public.w_customer.payment_days IS 'Days to pay, from the date of the invoice';
COMMENT ON COLUMN public.w_customer.credit_limit IS 'Orders above it need approval; empty means none';
COMMENT ON COLUMN public.w_customer.account_manager_id IS 'Sales person in charge';
COMMENT ON COLUMN public.w_customer.notes IS 'Seen by the dealer only';
COMMENT ON COLUMN public.w_customer.created_at IS 'Creation';
COMMENT ON COLUMN public.w_customer.updated_at IS 'Last change';

ALTER TABLE public.w_customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_customer FORCE ROW LEVEL SECURITY;

CREATE POLICY w_customer_tenant ON public.w_customer
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_customer_touch
    BEFORE UPDATE ON public.w_customer
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_customer TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_customer TO app_writer;
