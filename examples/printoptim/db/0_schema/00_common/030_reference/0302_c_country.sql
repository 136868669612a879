CREATE TABLE public.c_country (
    code text NOT NULL,
    label text NOT NULL,
    currency_code text NOT NULL,
    phone_prefix text,
    is_in_eu boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_c_country PRIMARY KEY (code),
    CONSTRAINT fk_c_country_currency FOREIGN KEY (currency_code) REFERENCES public.c_currency (code),
    CONSTRAINT ck_c_country_code CHECK (code ~ '^[A-Z]{2}$')
);

CREATE INDEX ix_c_country_currency_code ON public.c_country (currency_code);

COMMENT ON TABLE public.c_country IS 'Countries where we have dealers or their customers';
COMMENT ON COLUMN public.c_country.code IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN public.c_country.label IS 'English name';
COMMENT ON COLUMN public.c_country.currency_code IS 'Proposed for new contracts';
COMMENT ON COLUMN public.c_country.phone_prefix IS 'With the plus sign';
COMMENT ON COLUMN public.c_country.is_in_eu IS 'Decides on reverse-charge VAT';

GRANT SELECT ON public.c_country TO app_reader, app_writer;
