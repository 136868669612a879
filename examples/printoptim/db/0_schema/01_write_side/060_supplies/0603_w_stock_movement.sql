CREATE TABLE public.w_stock_movement (
    id bigint GENERATED ALWAYS AS IDENTITY,
    tenant_id uuid NOT NULL,
    depot_id uuid NOT NULL,
    consumable_kind_code text NOT NULL,
    kind public.movement_kind NOT NULL,
    quantity integer NOT NULL,
    reason text,
    moved_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_stock_movement PRIMARY KEY (id),
    CONSTRAINT fk_w_stock_movement_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_stock_movement_depot FOREIGN KEY (tenant_id, depot_id) REFERENCES public.w_depot (tenant_id, id),
    CONSTRAINT fk_w_stock_movement_consumable_kind FOREIGN KEY (consumable_kind_code)
        REFERENCES public.c_consumable_kind (code),
    CONSTRAINT ck_w_stock_movement_sign CHECK (
        quantity <> 0
        AND (kind = 'correction' OR (quantity > 0) = (kind IN ('receipt', 'return')))
    ),
    CONSTRAINT ck_w_stock_movement_reason CHECK (kind <> 'correction' OR reason IS NOT NULL)
);

CREATE INDEX ix_w_stock_movement_tenant_id_depot_id_moved_at
    ON public.w_stock_movement (tenant_id, depot_id, moved_at);
CREATE INDEX ix_w_stock_movement_consumable_kind_code ON public.w_stock_movement (consumable_kind_code);

COMMENT ON TABLE public.w_stock_movement IS 'Everything that came in or went out; append-only';
COMMENT ON COLUMN public.w_stock_movement.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_stock_movement.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_stock_movement.depot_id IS 'Depot';
COMMENT ON COLUMN public.w_stock_movement.consumable_kind_code IS 'Consumable';
COMMENT ON COLUMN public.w_stock_movement.kind IS 'Why';
COMMENT ON COLUMN public.w_stock_movement.quantity IS 'Positive comes in, negative goes out';
COMMENT ON COLUMN public.w_stock_movement.reason IS 'Required for corrections';
COMMENT ON COLUMN public.w_stock_movement.moved_at IS 'When';

ALTER TABLE public.w_stock_movement ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_stock_movement FORCE ROW LEVEL SECURITY;

CREATE POLICY w_stock_movement_tenant ON public.w_stock_movement
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_stock_movement_append_only
    BEFORE UPDATE OR DELETE ON public.w_stock_movement
    FOR EACH ROW EXECUTE FUNCTION public.fn_forbid_change();

GRANT SELECT ON public.w_stock_movement TO app_reader;
GRANT SELECT, INSERT ON public.w_stock_movement TO app_writer;
