-- A composite, not a table: addresses are copied into documents and must not change afterwards.
CREATE TYPE public.postal_address AS (
    line_1 text,
    line_2 text,
    postcode text,
    city text,
    country_code text
);

COMMENT ON TYPE public.postal_address IS 'Address as printed on an envelope';
COMMENT ON COLUMN public.postal_address.country_code IS 'ISO 3166-1 alpha-2; not checked here, see c_country';
