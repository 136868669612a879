CREATE TABLE public.r_order (
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    reference text NOT NULL,
    status public.order_status NOT NULL,
    customer_id uuid NOT NULL,
    total numeric(14, 2) NOT NULL,
    document jsonb NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_r_order PRIMARY KEY (tenant_id, order_id),
    CONSTRAINT fk_r_order_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id) ON DELETE CASCADE
);

CREATE INDEX ix_r_order_tenant_id_status ON public.r_order (tenant_id, status);
CREATE INDEX ix_r_order_tenant_id_customer_id ON public.r_order (tenant_id, customer_id);

COMMENT ON TABLE public.r_order IS 'Orders as the API returns them; filled by fn_refresh_r_order';
COMMENT ON COLUMN public.r_order.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.r_order.order_id IS 'Order';
COMMENT ON COLUMN public.r_order.reference IS 'Number the customer quotes when calling about the order';
COMMENT ON COLUMN public.r_order.status IS 'Status when the row was last refreshed';
COMMENT ON COLUMN public.r_order.customer_id IS 'Customer';
COMMENT ON COLUMN public.r_order.total IS 'Sum of the lines';
COMMENT ON COLUMN public.r_order.document IS 'What the API returns';
COMMENT ON COLUMN public.r_order.refreshed_at IS 'When the row was projected';

ALTER TABLE public.r_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.r_order FORCE ROW LEVEL SECURITY;

CREATE POLICY r_order_tenant ON public.r_order
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.r_order TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.r_order TO app_writer;
