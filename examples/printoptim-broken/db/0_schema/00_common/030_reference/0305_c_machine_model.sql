-- expect: prefer-identity @ public.c_machine_model.id
CREATE TABLE public.c_machine_model (
    id bigserial,
    manufacturer_code text NOT NULL,
    reference text NOT NULL,
    label text NOT NULL,
    has_color boolean NOT NULL,
    max_paper_format text NOT NULL DEFAULT 'A4',
    pages_per_minute integer NOT NULL,
    monthly_duty_cycle integer,
    discontinued_on date,
    CONSTRAINT pk_c_machine_model PRIMARY KEY (id),
    CONSTRAINT uq_c_machine_model_manufacturer_code_reference UNIQUE (manufacturer_code, reference),
    CONSTRAINT fk_c_machine_model_manufacturer FOREIGN KEY (manufacturer_code) REFERENCES public.c_manufacturer (code),
    CONSTRAINT ck_c_machine_model_pages_per_minute CHECK (pages_per_minute BETWEEN 1 AND 400)
);

COMMENT ON TABLE public.c_machine_model IS 'Catalogue of printers and copiers, common to all tenants';
COMMENT ON COLUMN public.c_machine_model.id IS 'Surrogate key';
COMMENT ON COLUMN public.c_machine_model.manufacturer_code IS 'Maker';
COMMENT ON COLUMN public.c_machine_model.reference IS 'Order reference of the maker';
COMMENT ON COLUMN public.c_machine_model.label IS 'Commercial name';
COMMENT ON COLUMN public.c_machine_model.has_color IS 'Whether it has a colour counter at all';
COMMENT ON COLUMN public.c_machine_model.max_paper_format IS 'Largest sheet from a tray, see c_paper_format';
COMMENT ON COLUMN public.c_machine_model.pages_per_minute IS 'A4, black, one-sided';
COMMENT ON COLUMN public.c_machine_model.monthly_duty_cycle IS 'Pages a month the maker allows';
COMMENT ON COLUMN public.c_machine_model.discontinued_on IS 'Day the maker stopped selling it';

GRANT SELECT ON public.c_machine_model TO app_reader, app_writer;
