CREATE TABLE public.c_currency (
    code text CONSTRAINT pk_c_currency PRIMARY KEY,
    label text NOT NULL,
    minor_digits integer NOT NULL DEFAULT 2,
    CONSTRAINT ck_c_currency_code CHECK (code ~ '^[A-Z]{3}$'),
    CONSTRAINT ck_c_currency_minor_digits CHECK (minor_digits BETWEEN 0 AND 4)
);

COMMENT ON TABLE public.c_currency IS 'Currencies we invoice in';
COMMENT ON COLUMN public.c_currency.code IS 'ISO 4217';
COMMENT ON COLUMN public.c_currency.label IS 'English name';
COMMENT ON COLUMN public.c_currency.minor_digits IS 'Digits after the point on a printed amount';

GRANT SELECT ON public.c_currency TO app_reader, app_writer;
