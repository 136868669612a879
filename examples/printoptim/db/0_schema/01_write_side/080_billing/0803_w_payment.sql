CREATE TABLE public.w_payment (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    invoice_id uuid NOT NULL,
    method public.payment_method NOT NULL,
    paid_amount public.amount NOT NULL,
    paid_on date NOT NULL,
    bank_reference text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_payment PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_w_payment_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_payment_invoice FOREIGN KEY (tenant_id, invoice_id) REFERENCES public.w_invoice (tenant_id, id),
    CONSTRAINT ck_w_payment_paid_amount CHECK (paid_amount <> 0)
);

CREATE INDEX ix_w_payment_tenant_id_invoice_id ON public.w_payment (tenant_id, invoice_id);
-- the bank sends its file twice now and then
CREATE UNIQUE INDEX ux_w_payment_tenant_id_bank_reference ON public.w_payment (tenant_id, bank_reference)
    WHERE bank_reference IS NOT NULL;

COMMENT ON TABLE public.w_payment IS 'Payments received; a refund is negative';
COMMENT ON COLUMN public.w_payment.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_payment.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_payment.invoice_id IS 'Invoice';
COMMENT ON COLUMN public.w_payment.method IS 'How it was paid';
COMMENT ON COLUMN public.w_payment.paid_amount IS 'In the currency of the invoice';
COMMENT ON COLUMN public.w_payment.paid_on IS 'Value date';
COMMENT ON COLUMN public.w_payment.bank_reference IS 'End-to-end id of the bank''s file';
COMMENT ON COLUMN public.w_payment.created_at IS 'Creation';

ALTER TABLE public.w_payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_payment FORCE ROW LEVEL SECURITY;

CREATE POLICY w_payment_tenant ON public.w_payment
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_payment TO app_reader;
GRANT SELECT, INSERT ON public.w_payment TO app_writer;
