-- expect: insert-missing-not-null-column @ public.fn_seed_demo_tenant
-- Sales demos: a dealer with customers, sites and machines out of prep_seed.

CREATE OR REPLACE FUNCTION public.fn_seed_demo_tenant(p_slug text)
RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_tenant_id uuid := gen_random_uuid();
BEGIN
    INSERT INTO public.w_tenant (id, slug, label, country_code)
    VALUES (v_tenant_id, p_slug, 'Atelier Bureautique', 'FR');

    INSERT INTO public.w_customer (tenant_id, code, label, country_code, billing_email)
    SELECT v_tenant_id, p.code, p.label, p.country_code, p.billing_email
    FROM prep_seed.prep_customer AS p;

    INSERT INTO public.w_site (tenant_id, customer_id, code, label, address)
    SELECT c.tenant_id, c.id, p.code, p.label, p.address
    FROM prep_seed.prep_site AS p
        JOIN public.w_customer AS c ON c.tenant_id = v_tenant_id AND c.code = p.customer_code;

    INSERT INTO public.w_machine (tenant_id, serial_number, machine_model_id, customer_id, status)
    SELECT c.tenant_id, p.serial_number, m.id, c.id, 'installed'
    FROM prep_seed.prep_machine AS p
        JOIN public.w_customer AS c ON c.tenant_id = v_tenant_id AND c.code = p.customer_code
        JOIN public.c_machine_model AS m ON m.reference = p.model_reference;

    PERFORM public.fn_refresh_r_machine(v_tenant_id);

    RETURN v_tenant_id;
END;
$$;

COMMENT ON FUNCTION public.fn_seed_demo_tenant(text) IS 'Creates a demonstration dealer; returns its id';

REVOKE EXECUTE ON FUNCTION public.fn_seed_demo_tenant(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_seed_demo_tenant(text) TO app_operator;
