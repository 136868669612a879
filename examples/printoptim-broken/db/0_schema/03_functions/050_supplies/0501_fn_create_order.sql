-- p_lines: [{"consumable": "TK-3190", "quantity": 2, "machine": "…uuid…"}, …]

CREATE OR REPLACE FUNCTION public.fn_create_order(
    p_tenant_id uuid,
    p_customer_id uuid,
    p_site_id uuid,
    p_requested_by uuid,
    p_lines jsonb,
    p_wanted_on date DEFAULT NULL
) RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_id uuid := gen_random_uuid();
    v_unknown text;
BEGIN
    IF jsonb_typeof(p_lines) <> 'array' OR jsonb_array_length(p_lines) = 0 THEN
        RAISE EXCEPTION 'an order needs at least one line' USING ERRCODE = 'check_violation';
    END IF;

    IF p_wanted_on < CURRENT_DATE THEN
        RAISE EXCEPTION 'delivery on % is in the past', p_wanted_on USING ERRCODE = 'check_violation';
    END IF;

    SELECT string_agg(l.consumable, ', ')
    INTO STRICT v_unknown
    FROM jsonb_to_recordset(p_lines) AS l (consumable text)
    WHERE NOT EXISTS (SELECT 1 FROM public.c_consumable_kind AS k WHERE k.code = l.consumable);

    IF v_unknown IS NOT NULL THEN
        RAISE EXCEPTION 'not in the catalogue: %', v_unknown USING ERRCODE = 'foreign_key_violation';
    END IF;

    IF NOT EXISTS (
        SELECT 1
        FROM public.w_site AS s
        WHERE s.tenant_id = p_tenant_id
            AND s.id = p_site_id
            AND s.customer_id = p_customer_id
            AND s.closed_on IS NULL
    ) THEN
        RAISE EXCEPTION 'site % is not an open site of this customer', p_site_id;
    END IF;

    -- the empty reference is replaced by trg_w_order_number
    INSERT INTO public.w_order
        (tenant_id, id, reference, customer_id, deliver_to_site_id, requested_by, status, wanted_on, submitted_at)
    VALUES
        (p_tenant_id, v_id, '', p_customer_id, p_site_id, p_requested_by, 'submitted', p_wanted_on, now());

    INSERT INTO public.w_order_line
        (tenant_id, order_id, line_number, consumable_kind_code, machine_id, quantity, unit_price)
    SELECT p_tenant_id, v_id, l.line_number, k.code, (l.content ->> 'machine')::uuid, (l.content ->> 'quantity')::integer, k.list_price
    FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS l (content, line_number)
        JOIN public.c_consumable_kind AS k ON k.code = l.content ->> 'consumable';

    PERFORM public.fn_refresh_r_order(p_tenant_id, v_id);

    RETURN v_id;
END;
$$;

COMMENT ON FUNCTION public.fn_create_order(uuid, uuid, uuid, uuid, jsonb, date) IS 'Submits an order of consumables; returns its id';

REVOKE EXECUTE ON FUNCTION public.fn_create_order(uuid, uuid, uuid, uuid, jsonb, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_create_order(uuid, uuid, uuid, uuid, jsonb, date) TO app_writer;
