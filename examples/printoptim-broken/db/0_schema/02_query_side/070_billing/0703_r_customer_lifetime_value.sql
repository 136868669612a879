CREATE TABLE public.r_customer_lifetime_value (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    currency_code text NOT NULL,
    invoiced_net numeric(16, 2) NOT NULL,
    paid_total numeric(16, 2) NOT NULL,
    invoice_count bigint NOT NULL,
    first_invoice_on date,
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_r_customer_lifetime_value PRIMARY KEY (tenant_id, customer_id, currency_code),
    CONSTRAINT fk_r_customer_lifetime_value_tenant FOREIGN KEY (tenant_id)
        REFERENCES public.w_tenant (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.r_customer_lifetime_value IS 'What a customer has brought, by currency; kept by triggers';
COMMENT ON COLUMN public.r_customer_lifetime_value.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.r_customer_lifetime_value.customer_id IS 'Customer';
COMMENT ON COLUMN public.r_customer_lifetime_value.currency_code IS 'Amounts of different currencies are not added';
COMMENT ON COLUMN public.r_customer_lifetime_value.invoiced_net IS 'Sum of issued invoices, before VAT';
COMMENT ON COLUMN public.r_customer_lifetime_value.paid_total IS 'Sum of payments';
COMMENT ON COLUMN public.r_customer_lifetime_value.invoice_count IS 'Issued invoices';
COMMENT ON COLUMN public.r_customer_lifetime_value.first_invoice_on IS 'Date of the first one';
COMMENT ON COLUMN public.r_customer_lifetime_value.refreshed_at IS 'When the row was projected';

ALTER TABLE public.r_customer_lifetime_value ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.r_customer_lifetime_value FORCE ROW LEVEL SECURITY;

CREATE POLICY r_customer_lifetime_value_tenant ON public.r_customer_lifetime_value
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.r_customer_lifetime_value TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.r_customer_lifetime_value TO app_writer;
