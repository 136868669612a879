CREATE TABLE public.w_order (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    reference text NOT NULL,
    customer_id uuid NOT NULL,
    deliver_to_site_id uuid NOT NULL,
    requested_by uuid,
    status public.order_status NOT NULL DEFAULT 'draft',
    currency_code text NOT NULL DEFAULT 'EUR',
    customer_reference text,
    is_automatic boolean NOT NULL DEFAULT false,
    wanted_on date,
    submitted_at timestamptz,
    approved_at timestamptz,
    approved_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_order PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_order_tenant_id_reference UNIQUE (tenant_id, reference),
    CONSTRAINT fk_w_order_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_order_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES public.w_customer (tenant_id, id),
    CONSTRAINT fk_w_order_site FOREIGN KEY (tenant_id, deliver_to_site_id) REFERENCES public.w_site (tenant_id, id),
    CONSTRAINT fk_w_order_requested_by FOREIGN KEY (tenant_id, requested_by) REFERENCES public.w_user (tenant_id, id),
    CONSTRAINT fk_w_order_approved_by FOREIGN KEY (tenant_id, approved_by) REFERENCES public.w_user (tenant_id, id),
    CONSTRAINT fk_w_order_currency FOREIGN KEY (currency_code) REFERENCES public.c_currency (code),
    CONSTRAINT ck_w_order_requested CHECK (is_automatic OR requested_by IS NOT NULL),
    CONSTRAINT ck_w_order_approved CHECK ((approved_at IS NULL) = (approved_by IS NULL))
);

CREATE INDEX ix_w_order_tenant_id_customer_id_created_at ON public.w_order (tenant_id, customer_id, created_at DESC);
CREATE INDEX ix_w_order_tenant_id_deliver_to_site_id ON public.w_order (tenant_id, deliver_to_site_id);
CREATE INDEX ix_w_order_tenant_id_requested_by ON public.w_order (tenant_id, requested_by);
CREATE INDEX ix_w_order_tenant_id_approved_by ON public.w_order (tenant_id, approved_by);
CREATE INDEX ix_w_order_currency_code ON public.w_order (currency_code);
CREATE INDEX ix_w_order_tenant_id_wanted_on ON public.w_order (tenant_id, wanted_on)
    WHERE status IN ('submitted', 'approved');

COMMENT ON TABLE public.w_order IS 'Orders of consumables, by people or by the toner forecast';
COMMENT ON COLUMN public.w_order.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_order.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_order.reference IS 'Given by trigger from seq_order_reference';
COMMENT ON COLUMN public.w_order.customer_id IS 'Customer who orders';
COMMENT ON COLUMN public.w_order.deliver_to_site_id IS 'Where to deliver';
COMMENT ON COLUMN public.w_order.requested_by IS 'Person; empty for automatic orders';
COMMENT ON COLUMN public.w_order.status IS 'Progress';
COMMENT ON COLUMN public.w_order.currency_code IS 'Currency of the lines';
COMMENT ON COLUMN public.w_order.customer_reference IS 'Purchase order number of the customer';
COMMENT ON COLUMN public.w_order.is_automatic IS 'Created by the toner forecast';
COMMENT ON COLUMN public.w_order.wanted_on IS 'Day the customer wants it';
COMMENT ON COLUMN public.w_order.submitted_at IS 'Left the hands of the customer';
COMMENT ON COLUMN public.w_order.approved_at IS 'Approved by the dealer';
COMMENT ON COLUMN public.w_order.approved_by IS 'Who approved';
COMMENT ON COLUMN public.w_order.created_at IS 'Creation';
COMMENT ON COLUMN public.w_order.updated_at IS 'Last change';

ALTER TABLE public.w_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_order FORCE ROW LEVEL SECURITY;

CREATE POLICY w_order_tenant ON public.w_order
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_order_touch
    BEFORE UPDATE ON public.w_order
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_order TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_order TO app_writer;
