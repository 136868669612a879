-- One rate per country at any day: rates change, old invoices keep theirs.

-- expect: missing-primary-key @ public.c_vat_rate
CREATE TABLE public.c_vat_rate (
    id bigint GENERATED ALWAYS AS IDENTITY,
    country_code text NOT NULL,
    rate public.percentage NOT NULL,
    valid_during daterange NOT NULL,
    CONSTRAINT fk_c_vat_rate_country FOREIGN KEY (country_code) REFERENCES public.c_country (code),
    CONSTRAINT ex_c_vat_rate_one_at_a_time EXCLUDE USING gist (country_code WITH =, valid_during WITH &&),
    CONSTRAINT ck_c_vat_rate_valid_during CHECK (NOT isempty(valid_during))
);

CREATE INDEX ix_c_vat_rate_country_code ON public.c_vat_rate (country_code);

COMMENT ON TABLE public.c_vat_rate IS 'Standard VAT rates by country and period';
COMMENT ON COLUMN public.c_vat_rate.id IS 'Surrogate key';
COMMENT ON COLUMN public.c_vat_rate.country_code IS 'Country of the customer';
COMMENT ON COLUMN public.c_vat_rate.rate IS 'In percent';
COMMENT ON COLUMN public.c_vat_rate.valid_during IS 'First day included, last day excluded';

GRANT SELECT ON public.c_vat_rate TO app_reader, app_writer;
