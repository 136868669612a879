CREATE OR REPLACE FUNCTION public.fn_format_pages(p_pages bigint)
RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
STRICT
RETURN CASE
    WHEN p_pages >= 1000000 THEN round(p_pages / 1000000.0, 1)::text || ' M'
    WHEN p_pages >= 10000 THEN (p_pages / 1000)::text || ' k'
    ELSE p_pages::text
END;

COMMENT ON FUNCTION public.fn_format_pages(bigint) IS '1234567 becomes 1.2 M, for the tiles of the dashboard';

REVOKE EXECUTE ON FUNCTION public.fn_format_pages(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fn_format_pages(bigint) TO app_reader;
