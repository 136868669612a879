-- Current quantities, kept by the trigger on w_stock_movement.

-- expect: table-comment-missing @ public.w_stock
CREATE TABLE public.w_stock (
    tenant_id uuid NOT NULL,
    depot_id uuid NOT NULL,
    consumable_kind_code text NOT NULL,
    quantity integer NOT NULL DEFAULT 0,
    reorder_at integer NOT NULL DEFAULT 2,
    counted_at timestamptz,
    CONSTRAINT pk_w_stock PRIMARY KEY (tenant_id, depot_id, consumable_kind_code),
    CONSTRAINT fk_w_stock_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_stock_depot FOREIGN KEY (tenant_id, depot_id) REFERENCES public.w_depot (tenant_id, id),
    CONSTRAINT fk_w_stock_consumable_kind FOREIGN KEY (consumable_kind_code) REFERENCES public.c_consumable_kind (code),
    CONSTRAINT ck_w_stock_quantity CHECK (quantity >= 0)
);

CREATE INDEX ix_w_stock_consumable_kind_code ON public.w_stock (consumable_kind_code);

COMMENT ON COLUMN public.w_stock.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_stock.depot_id IS 'Depot';
COMMENT ON COLUMN public.w_stock.consumable_kind_code IS 'Consumable';
COMMENT ON COLUMN public.w_stock.quantity IS 'Pieces';
COMMENT ON COLUMN public.w_stock.reorder_at IS 'An order is proposed at or below';
COMMENT ON COLUMN public.w_stock.counted_at IS 'Last stock-taking';

ALTER TABLE public.w_stock ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_stock FORCE ROW LEVEL SECURITY;

CREATE POLICY w_stock_tenant ON public.w_stock
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_stock TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_stock TO app_writer;
