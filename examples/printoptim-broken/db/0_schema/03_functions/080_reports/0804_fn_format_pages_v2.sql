-- Same function with a space before the unit, for the new dashboard.

-- expect: duplicate-object @ public.fn_format_pages
CREATE OR REPLACE FUNCTION public.fn_format_pages(p_pages bigint)
RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
STRICT
RETURN CASE WHEN p_pages >= 1000 THEN (p_pages / 1000)::text || ' kp' ELSE p_pages::text END;

COMMENT ON FUNCTION public.fn_format_pages(bigint) IS '12345 becomes 12 kp';
