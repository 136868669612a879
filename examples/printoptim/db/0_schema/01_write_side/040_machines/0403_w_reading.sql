-- Counter readings: by far the largest table (2 rows a machine a day), hence partitioned by year.
-- The partition key is part of the primary key, as PostgreSQL demands.

CREATE TABLE public.w_reading (
    tenant_id uuid NOT NULL,
    machine_id uuid NOT NULL,
    read_at timestamptz NOT NULL,
    source public.reading_source NOT NULL DEFAULT 'snmp',
    pages_mono public.page_count NOT NULL,
    pages_color public.page_count NOT NULL DEFAULT 0,
    pages_total bigint GENERATED ALWAYS AS (pages_mono::bigint + pages_color::bigint) STORED,
    toner_percent jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_reading PRIMARY KEY (tenant_id, machine_id, read_at),
    CONSTRAINT fk_w_reading_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_reading_machine FOREIGN KEY (tenant_id, machine_id) REFERENCES public.w_machine (tenant_id, id),
    CONSTRAINT ck_w_reading_read_at CHECK (read_at <= recorded_at + interval '1 day')
) PARTITION BY RANGE (read_at);

CREATE INDEX ix_w_reading_read_at ON public.w_reading USING brin (read_at);

COMMENT ON TABLE public.w_reading IS 'Counter readings of all machines';
COMMENT ON COLUMN public.w_reading.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_reading.machine_id IS 'Machine';
COMMENT ON COLUMN public.w_reading.read_at IS 'When the machine was read, by its collector''s clock';
COMMENT ON COLUMN public.w_reading.source IS 'How the value was obtained';
COMMENT ON COLUMN public.w_reading.pages_mono IS 'Black pages since the machine was built';
COMMENT ON COLUMN public.w_reading.pages_color IS 'Colour pages since the machine was built';
COMMENT ON COLUMN public.w_reading.pages_total IS 'Sum of both';
COMMENT ON COLUMN public.w_reading.toner_percent IS 'Object: ink colour to percent left';
COMMENT ON COLUMN public.w_reading.recorded_at IS 'When it reached us';

ALTER TABLE public.w_reading ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_reading FORCE ROW LEVEL SECURITY;

CREATE POLICY w_reading_tenant ON public.w_reading
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_reading_append_only
    BEFORE UPDATE ON public.w_reading
    FOR EACH ROW EXECUTE FUNCTION public.fn_forbid_change();

GRANT SELECT ON public.w_reading TO app_reader;
GRANT SELECT, INSERT ON public.w_reading TO app_writer;
GRANT SELECT, DELETE ON public.w_reading TO app_operator;
