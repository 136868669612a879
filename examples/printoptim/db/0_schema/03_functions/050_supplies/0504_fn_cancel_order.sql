CREATE OR REPLACE FUNCTION public.fn_cancel_order(p_tenant_id uuid, p_order_id uuid)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE public.w_order AS o
    SET status = 'cancelled'
    WHERE o.tenant_id = p_tenant_id
        AND o.id = p_order_id
        AND o.status < 'shipped';

    IF NOT FOUND THEN
        RAISE EXCEPTION 'order % does not exist or has left the depot', p_order_id
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Record a return instead.';
    END IF;

    PERFORM public.fn_refresh_r_order(p_tenant_id, p_order_id);
END;
$$;

COMMENT ON FUNCTION public.fn_cancel_order(uuid, uuid) IS 'Cancels an order that has not been shipped';

REVOKE EXECUTE ON FUNCTION public.fn_cancel_order(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_cancel_order(uuid, uuid) TO app_writer;
