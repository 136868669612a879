CREATE TABLE public.c_manufacturer (
    code text NOT NULL,
    label text NOT NULL,
    snmp_enterprise_id bigint,
    support_url text,
    CONSTRAINT pk_c_manufacturer PRIMARY KEY (code),
    CONSTRAINT uq_c_manufacturer_snmp_enterprise_id UNIQUE (snmp_enterprise_id)
);

COMMENT ON TABLE public.c_manufacturer IS 'Makers of machines and consumables';
COMMENT ON COLUMN public.c_manufacturer.code IS 'Short lower-case name';
COMMENT ON COLUMN public.c_manufacturer.label IS 'Name as the maker writes it';
COMMENT ON COLUMN public.c_manufacturer.snmp_enterprise_id IS 'Private enterprise number (IANA), tells the collector which MIB to walk';
COMMENT ON COLUMN public.c_manufacturer.support_url IS 'Where drivers and firmware are found';

GRANT SELECT ON public.c_manufacturer TO app_reader, app_writer;
