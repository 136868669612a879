-- expect: select-star-in-view @ public.v_user
CREATE OR REPLACE VIEW public.v_user
WITH (security_invoker = true) AS
SELECT u.*, t.slug AS tenant_slug
FROM public.w_user AS u
    JOIN public.w_tenant AS t ON t.id = u.tenant_id;

COMMENT ON VIEW public.v_user IS 'People with their effective language';

GRANT SELECT ON public.v_user TO app_reader;
