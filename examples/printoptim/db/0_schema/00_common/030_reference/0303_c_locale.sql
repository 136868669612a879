CREATE TABLE public.c_locale (
    code text PRIMARY KEY,
    label text NOT NULL,
    country_code text NOT NULL CONSTRAINT fk_c_locale_country REFERENCES public.c_country (code),
    is_offered boolean NOT NULL DEFAULT true,
    CONSTRAINT ck_c_locale_code CHECK (code ~ '^[a-z]{2}-[A-Z]{2}$')
);

CREATE INDEX ix_c_locale_country_code ON public.c_locale (country_code);

COMMENT ON TABLE public.c_locale IS 'Languages of the user interface and of printed documents';
COMMENT ON COLUMN public.c_locale.code IS 'BCP 47, language and region';
COMMENT ON COLUMN public.c_locale.label IS 'In the language itself';
COMMENT ON COLUMN public.c_locale.country_code IS 'Region, for number and date formats';
COMMENT ON COLUMN public.c_locale.is_offered IS 'False while the translation is unfinished';

GRANT SELECT ON public.c_locale TO app_reader, app_writer;
