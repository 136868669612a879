CREATE OR REPLACE FUNCTION public.fn_record_delivery(
    p_tenant_id uuid,
    p_order_id uuid,
    p_line_number integer,
    p_depot_id uuid,
    p_quantity integer
) RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_kind text;
    v_open integer;
BEGIN
    UPDATE public.w_order_line AS l
    SET delivered_quantity = l.delivered_quantity + p_quantity
    WHERE l.tenant_id = p_tenant_id
        AND l.order_id = p_order_id
        AND l.line_number = p_line_number
    RETURNING l.consumable_kind_code INTO STRICT v_kind;

    INSERT INTO public.w_stock_movement (tenant_id, depot_id, consumable_kind_code, kind, quantity)
    VALUES (p_tenant_id, p_depot_id, v_kind, 'issue', -p_quantity);

    SELECT coalesce(sum(l.quantity - l.delivered_quantity), 0)::integer
    INTO STRICT v_open
    FROM public.w_order_line AS l
    WHERE l.tenant_id = p_tenant_id
        AND l.order_id = p_order_id;

    UPDATE public.w_order AS o
    SET status = CASE WHEN v_open = 0 THEN 'delivered' ELSE 'shipped' END::public.order_status
    WHERE o.tenant_id = p_tenant_id
        AND o.id = p_order_id;

    PERFORM public.fn_refresh_r_order(p_tenant_id, p_order_id);

    RETURN v_open;
END;
$$;

COMMENT ON FUNCTION public.fn_record_delivery(uuid, uuid, integer, uuid, integer) IS 'Books a delivery out of a depot; returns the pieces still to come';

REVOKE EXECUTE ON FUNCTION public.fn_record_delivery(uuid, uuid, integer, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_record_delivery(uuid, uuid, integer, uuid, integer) TO app_writer;
