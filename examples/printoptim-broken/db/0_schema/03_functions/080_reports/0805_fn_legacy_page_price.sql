-- expect: unreferenced-object @ public.fn_legacy_page_price
CREATE OR REPLACE FUNCTION public.fn_legacy_page_price(p_pages bigint, p_price numeric)
RETURNS numeric
LANGUAGE sql
IMMUTABLE
RETURN round(p_pages * p_price * 0.98, 2);

COMMENT ON FUNCTION public.fn_legacy_page_price(bigint, numeric) IS 'Price list of 2019, two percent off';

REVOKE EXECUTE ON FUNCTION public.fn_legacy_page_price(bigint, numeric) FROM PUBLIC;
