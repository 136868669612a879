CREATE OR REPLACE FUNCTION public.fn_approve_order(p_tenant_id uuid, p_order_id uuid, p_user_id uuid)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_order public.w_order;
    v_access public.access_level;
BEGIN
    SELECT u.access
    INTO STRICT v_access
    FROM public.w_user AS u
    WHERE u.tenant_id = p_tenant_id
        AND u.id = p_user_id
        AND u.deactivated_at IS NULL;

    IF v_access < 'manager' THEN
        RAISE EXCEPTION 'only managers approve orders' USING ERRCODE = 'insufficient_privilege';
    END IF;

    SELECT o.*
    INTO STRICT v_order
    FROM public.w_order AS o
    WHERE o.tenant_id = p_tenant_id
        AND o.id = p_order_id
    FOR UPDATE;

    IF v_order.requested_by = p_user_id THEN
        RAISE EXCEPTION 'nobody approves their own order';
    END IF;

    CASE v_order.status
        WHEN 'submitted' THEN
            UPDATE public.w_order AS o
            SET status = 'approved',
                approved_at = now(),
                approved_by = p_user_id
            WHERE o.tenant_id = p_tenant_id
                AND o.id = p_order_id;
        WHEN 'approved' THEN
            RAISE NOTICE 'order % was approved before', v_order.reference;
        ELSE
            RAISE EXCEPTION 'order % is %', v_order.reference, v_order.status;
    END CASE;

    PERFORM public.fn_refresh_r_order(p_tenant_id, p_order_id);
END;
$$;

COMMENT ON FUNCTION public.fn_approve_order(uuid, uuid, uuid) IS 'Approves a submitted order; four eyes';

REVOKE EXECUTE ON FUNCTION public.fn_approve_order(uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_approve_order(uuid, uuid, uuid) TO app_writer;
