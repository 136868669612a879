CREATE OR REPLACE FUNCTION public.fn_place_machine(
    p_tenant_id uuid,
    p_machine_id uuid,
    p_location_id uuid,
    p_placed_on date DEFAULT CURRENT_DATE,
    p_placed_by uuid DEFAULT NULL
) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_id uuid := gen_random_uuid();
BEGIN
    IF EXISTS (
        SELECT 1
        FROM public.w_machine AS m
        WHERE m.tenant_id = p_tenant_id
            AND m.id = p_machine_id
            AND m.status = 'retired'
    ) THEN
        RAISE EXCEPTION 'machine % is retired', p_machine_id USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    -- close the open placement, or drop it when the machine moves twice on one day
    DELETE FROM public.w_machine_placement AS p
    WHERE p.tenant_id = p_tenant_id
        AND p.machine_id = p_machine_id
        AND lower(p.placed_during) >= p_placed_on;

    UPDATE public.w_machine_placement AS p
    SET placed_during = daterange(lower(p.placed_during), p_placed_on)
    WHERE p.tenant_id = p_tenant_id
        AND p.machine_id = p_machine_id
        AND upper_inf(p.placed_during);

    INSERT INTO public.w_machine_placement (tenant_id, id, machine_id, location_id, placed_during, placed_by)
    VALUES (p_tenant_id, v_id, p_machine_id, p_location_id, daterange(p_placed_on, NULL), p_placed_by);

    PERFORM public.fn_refresh_r_machine(p_tenant_id, p_machine_id);

    RETURN v_id;
END;
$$;

COMMENT ON FUNCTION public.fn_place_machine(uuid, uuid, uuid, date, uuid) IS 'Moves a machine; the former placement ends the same day';

REVOKE EXECUTE ON FUNCTION public.fn_place_machine(uuid, uuid, uuid, date, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_place_machine(uuid, uuid, uuid, date, uuid) TO app_writer;
