CREATE TABLE public.c_paper_format (
    code text NOT NULL,
    width_mm integer NOT NULL,
    height_mm integer NOT NULL,
    area_mm2 bigint GENERATED ALWAYS AS (width_mm::bigint * height_mm) STORED,
    CONSTRAINT pk_c_paper_format PRIMARY KEY (code),
    CONSTRAINT ck_c_paper_format_portrait CHECK (0 < width_mm AND width_mm <= height_mm)
);

COMMENT ON TABLE public.c_paper_format IS 'Paper formats, portrait';
COMMENT ON COLUMN public.c_paper_format.code IS 'A4, A3, LETTER …';
COMMENT ON COLUMN public.c_paper_format.width_mm IS 'Short side';
COMMENT ON COLUMN public.c_paper_format.height_mm IS 'Long side';
COMMENT ON COLUMN public.c_paper_format.area_mm2 IS 'For sorting by size';

ALTER TABLE public.c_machine_model
    ADD CONSTRAINT fk_c_machine_model_paper_format
    FOREIGN KEY (max_paper_format) REFERENCES public.c_paper_format (code);

CREATE INDEX ix_c_machine_model_max_paper_format ON public.c_machine_model (max_paper_format);

GRANT SELECT ON public.c_paper_format TO app_reader, app_writer;
