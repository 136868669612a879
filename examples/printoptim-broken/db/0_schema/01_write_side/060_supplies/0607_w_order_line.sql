CREATE TABLE public.w_order_line (
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    line_number integer NOT NULL,
    consumable_kind_code text NOT NULL,
    machine_id uuid,
    quantity integer NOT NULL,
    unit_price public.amount NOT NULL,
    discount_percent public.percentage NOT NULL DEFAULT 0,
    line_total numeric(14, 2) GENERATED ALWAYS AS (
        round(quantity * unit_price::numeric * (1 - discount_percent::numeric / 100), 2)
    ) STORED,
    delivered_quantity integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_w_order_line PRIMARY KEY (tenant_id, order_id, line_number),
    CONSTRAINT fk_w_order_line_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_order_line_order FOREIGN KEY (tenant_id, order_id)
        REFERENCES public.w_order (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_w_order_line_machine FOREIGN KEY (tenant_id, machine_id) REFERENCES public.w_machine (tenant_id, id),
    CONSTRAINT fk_w_order_line_consumable_kind FOREIGN KEY (consumable_kind_code)
        REFERENCES public.c_consumable_kind (code),
    CONSTRAINT ck_w_order_line_quantity CHECK (quantity > 0),
    CONSTRAINT ck_w_order_line_delivered CHECK (delivered_quantity BETWEEN 0 AND quantity)
);

CREATE INDEX ix_w_order_line_tenant_id_machine_id ON public.w_order_line (tenant_id, machine_id);
CREATE INDEX ix_w_order_line_consumable_kind_code ON public.w_order_line (consumable_kind_code);

COMMENT ON TABLE public.w_order_line IS 'Lines of an order';
COMMENT ON COLUMN public.w_order_line.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_order_line.order_id IS 'Order';
COMMENT ON COLUMN public.w_order_line.line_number IS 'From 1, as printed';
COMMENT ON COLUMN public.w_order_line.consumable_kind_code IS 'What is ordered';
COMMENT ON COLUMN public.w_order_line.machine_id IS 'Machine it is for; empty for the cupboard';
COMMENT ON COLUMN public.w_order_line.quantity IS 'Pieces ordered';
COMMENT ON COLUMN public.w_order_line.unit_price IS 'Price on the day of the order; 0 when the contract includes toner';
COMMENT ON COLUMN public.w_order_line.discount_percent IS 'Discount';
COMMENT ON COLUMN public.w_order_line.line_total IS 'Computed, rounded to the cent';
COMMENT ON COLUMN public.w_order_line.delivered_quantity IS 'Pieces delivered so far';

ALTER TABLE public.w_order_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_order_line FORCE ROW LEVEL SECURITY;

-- expect: policy-without-tenant-setting @ public.w_order_line
CREATE POLICY w_order_line_tenant ON public.w_order_line
    USING (pg_has_role(CURRENT_USER, 'app_writer', 'MEMBER'))
    WITH CHECK (pg_has_role(CURRENT_USER, 'app_writer', 'MEMBER'));

GRANT SELECT ON public.w_order_line TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.w_order_line TO app_writer;
