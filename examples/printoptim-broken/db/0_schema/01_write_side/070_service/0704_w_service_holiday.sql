-- expect: tenant-column-missing @ public.w_service_holiday
CREATE TABLE public.w_service_holiday (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    country_code text NOT NULL,
    day_off date NOT NULL,
    label text NOT NULL,
    CONSTRAINT pk_w_service_holiday PRIMARY KEY (id),
    CONSTRAINT uq_w_service_holiday_country_code_day_off UNIQUE (country_code, day_off),
    CONSTRAINT fk_w_service_holiday_country FOREIGN KEY (country_code) REFERENCES public.c_country (code)
);

COMMENT ON TABLE public.w_service_holiday IS 'Days without service';
COMMENT ON COLUMN public.w_service_holiday.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_service_holiday.country_code IS 'Country';
COMMENT ON COLUMN public.w_service_holiday.day_off IS 'Day';
COMMENT ON COLUMN public.w_service_holiday.label IS 'Why';

GRANT SELECT ON public.w_service_holiday TO app_reader, app_writer;
