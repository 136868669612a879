-- Which toner goes into which machine.

CREATE TABLE public.c_model_consumable (
    machine_model_id bigint NOT NULL,
    consumable_kind_code text NOT NULL,
    is_original boolean NOT NULL DEFAULT true,
    CONSTRAINT pk_c_model_consumable PRIMARY KEY (machine_model_id, consumable_kind_code),
    CONSTRAINT fk_c_model_consumable_model FOREIGN KEY (machine_model_id)
        REFERENCES public.c_machine_model (id) ON DELETE CASCADE,
    CONSTRAINT fk_c_model_consumable_kind FOREIGN KEY (consumable_kind_code)
        REFERENCES public.c_consumable_kind (code) ON DELETE CASCADE
);

-- the primary key serves "what does this machine take"; this one serves the way back
CREATE INDEX ix_c_model_consumable_consumable_kind_code ON public.c_model_consumable (consumable_kind_code);

COMMENT ON TABLE public.c_model_consumable IS 'Consumables that fit a model';
COMMENT ON COLUMN public.c_model_consumable.machine_model_id IS 'Machine model';
COMMENT ON COLUMN public.c_model_consumable.consumable_kind_code IS 'Consumable that fits';
COMMENT ON COLUMN public.c_model_consumable.is_original IS 'False for compatible products';

GRANT SELECT ON public.c_model_consumable TO app_reader, app_writer;
