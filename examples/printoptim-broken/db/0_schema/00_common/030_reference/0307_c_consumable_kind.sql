CREATE TABLE public.c_consumable_kind (
    code text NOT NULL,
    manufacturer_code text NOT NULL,
    label text NOT NULL,
    ink public.ink_color,
    yield_pages integer,
    list_price public.amount NOT NULL,
    currency_code text NOT NULL DEFAULT 'EUR',
    CONSTRAINT pk_c_consumable_kind PRIMARY KEY (code),
    CONSTRAINT fk_c_consumable_kind_manufacturer FOREIGN KEY (manufacturer_code) REFERENCES public.c_manufacturer (code),
    CONSTRAINT fk_c_consumable_kind_currency FOREIGN KEY (currency_code) REFERENCES public.c_currency (code),
    CONSTRAINT ck_c_consumable_kind_list_price CHECK (list_price > 0)
);

CREATE INDEX ix_c_consumable_kind_manufacturer_code ON public.c_consumable_kind (manufacturer_code);
CREATE INDEX ix_c_consumable_kind_currency_code ON public.c_consumable_kind (currency_code);

COMMENT ON TABLE public.c_consumable_kind IS 'Toners, drums, staples: what can be ordered';
COMMENT ON COLUMN public.c_consumable_kind.code IS 'Reference of the maker';
COMMENT ON COLUMN public.c_consumable_kind.manufacturer_code IS 'Maker';
COMMENT ON COLUMN public.c_consumable_kind.label IS 'Name in the catalogue';
COMMENT ON COLUMN public.c_consumable_kind.ink IS 'Empty for drums, waste boxes and staples';
COMMENT ON COLUMN public.c_consumable_kind.yield_pages IS 'Pages at five percent coverage';
COMMENT ON COLUMN public.c_consumable_kind.list_price IS 'Price before discount';
COMMENT ON COLUMN public.c_consumable_kind.currency_code IS 'Currency of the list price';

GRANT SELECT ON public.c_consumable_kind TO app_reader, app_writer;
