CREATE TABLE public.w_site (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    customer_id uuid NOT NULL,
    code text NOT NULL,
    label text NOT NULL,
    address public.postal_address NOT NULL,
    latitude numeric(9, 6),
    longitude numeric(9, 6),
    opening_hours public.time_range[] NOT NULL DEFAULT '{}',
    time_zone text NOT NULL DEFAULT 'Europe/Paris',
    service_team_id uuid,
    closed_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_site PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_site_tenant_id_customer_id_code UNIQUE (tenant_id, customer_id, code),
    CONSTRAINT fk_w_site_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_site_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES public.w_customer (tenant_id, id),
    CONSTRAINT fk_w_site_service_team FOREIGN KEY (tenant_id, service_team_id) REFERENCES public.w_team (tenant_id, id),
    CONSTRAINT ck_w_site_coordinates CHECK (
        (latitude IS NULL) = (longitude IS NULL)
        AND latitude BETWEEN -90 AND 90
        AND longitude BETWEEN -180 AND 180
    )
);

CREATE INDEX ix_w_site_tenant_id_service_team_id ON public.w_site (tenant_id, service_team_id);

COMMENT ON TABLE public.w_site IS 'Addresses where machines stand';
COMMENT ON COLUMN public.w_site.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_site.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_site.customer_id IS 'Customer';
COMMENT ON COLUMN public.w_site.code IS 'Short code, unique for the customer';
COMMENT ON COLUMN public.w_site.label IS 'Name the customer uses';
COMMENT ON COLUMN public.w_site.address IS 'Delivery address';
COMMENT ON COLUMN public.w_site.latitude IS 'WGS 84, for the route of the technician';
COMMENT ON COLUMN public.w_site.longitude IS 'WGS 84';
COMMENT ON COLUMN public.w_site.opening_hours IS 'When a technician may come, local time';
COMMENT ON COLUMN public.w_site.time_zone IS 'IANA name';
COMMENT ON COLUMN public.w_site.service_team_id IS 'Team that goes there; empty means whoever is free';
COMMENT ON COLUMN public.w_site.closed_on IS 'Day the customer left the site';
COMMENT ON COLUMN public.w_site.created_at IS 'Creation';
COMMENT ON COLUMN public.w_site.updated_at IS 'Last change';

ALTER TABLE public.w_site ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_site FORCE ROW LEVEL SECURITY;

CREATE POLICY w_site_tenant ON public.w_site
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_site_touch
    BEFORE UPDATE ON public.w_site
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_site TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_site TO app_writer;
