-- Called by the customer page, so that the next log-in opens where the last one ended.

-- expect: layer-write @ public.remember_last_customer
CREATE OR REPLACE FUNCTION public.remember_last_customer(p_tenant_id uuid, p_customer_id uuid)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
    INSERT INTO public.w_tenant_setting (tenant_id, name, content)
    VALUES (p_tenant_id, 'ui.last_customer', to_jsonb(p_customer_id))
    ON CONFLICT (tenant_id, name) DO UPDATE SET content = EXCLUDED.content;
$$;

COMMENT ON FUNCTION public.remember_last_customer(uuid, uuid) IS 'Keeps the customer last looked at';

REVOKE EXECUTE ON FUNCTION public.remember_last_customer(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.remember_last_customer(uuid, uuid) TO app_writer;
