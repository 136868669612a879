-- The only thing that may be asked before app.tenant_id is set, hence SECURITY DEFINER.
-- Gives nothing away but the id of an active dealer.

CREATE OR REPLACE FUNCTION public.fn_tenant_by_slug(p_slug text)
RETURNS uuid
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT t.id FROM public.w_tenant AS t WHERE t.slug = lower(p_slug) AND t.is_active;
$$;

COMMENT ON FUNCTION public.fn_tenant_by_slug(text) IS 'Id of the dealer of a sub-domain, null when there is none';

REVOKE EXECUTE ON FUNCTION public.fn_tenant_by_slug(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_tenant_by_slug(text) TO app_reader, app_writer;
