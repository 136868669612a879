CREATE OR REPLACE VIEW public.v_user
WITH (security_invoker = true) AS
SELECT
    u.tenant_id,
    u.id,
    u.email,
    u.full_name,
    u.access,
    coalesce(u.locale_code, t.locale_code) AS locale_code,
    u.deactivated_at IS NULL AS is_active,
    u.last_login_at
FROM public.w_user AS u
    JOIN public.w_tenant AS t ON t.id = u.tenant_id;

COMMENT ON VIEW public.v_user IS 'People with their effective language';

GRANT SELECT ON public.v_user TO app_reader;
