-- expect: security-definer-bypasses-rls @ public.fn_find_user_by_email
-- expect: tenant-predicate-missing @ public.fn_find_user_by_email
CREATE OR REPLACE FUNCTION public.fn_find_user_by_email(p_email text)
RETURNS TABLE (user_id uuid, full_name text)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT u.id, u.full_name
    FROM public.w_user AS u
    WHERE u.email = p_email;
$$;

COMMENT ON FUNCTION public.fn_find_user_by_email(text) IS 'For the "did you mean" of the invitation form';

REVOKE EXECUTE ON FUNCTION public.fn_find_user_by_email(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_find_user_by_email(text) TO app_reader;
