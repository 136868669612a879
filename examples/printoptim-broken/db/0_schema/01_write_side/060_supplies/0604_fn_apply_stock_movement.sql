-- expect: trigger-function-wrong-type @ public.fn_apply_stock_movement
CREATE OR REPLACE FUNCTION public.fn_apply_stock_movement()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    -- not one ON CONFLICT: the CHECK would look at the negative quantity before the conflict is noticed
    UPDATE public.w_stock AS s
    SET quantity = s.quantity + NEW.quantity
    WHERE s.tenant_id = NEW.tenant_id
        AND s.depot_id = NEW.depot_id
        AND s.consumable_kind_code = NEW.consumable_kind_code;

    IF NOT FOUND THEN
        INSERT INTO public.w_stock (tenant_id, depot_id, consumable_kind_code, quantity)
        VALUES (NEW.tenant_id, NEW.depot_id, NEW.consumable_kind_code, NEW.quantity);
    END IF;

    RETURN;
EXCEPTION
    WHEN check_violation THEN
        RAISE EXCEPTION 'not enough % in depot %', NEW.consumable_kind_code, NEW.depot_id
            USING ERRCODE = 'check_violation';
END;
$$;

COMMENT ON FUNCTION public.fn_apply_stock_movement() IS 'AFTER INSERT on w_stock_movement: keeps w_stock in step';

CREATE TRIGGER trg_w_stock_movement_apply
    AFTER INSERT ON public.w_stock_movement
    FOR EACH ROW EXECUTE FUNCTION public.fn_apply_stock_movement();
