-- A place inside a site, fine enough for a technician to find the machine.

CREATE TABLE public.w_location (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    site_id uuid NOT NULL,
    building text NOT NULL DEFAULT '',
    floor_label text NOT NULL DEFAULT '0',
    room text NOT NULL,
    directions text,
    CONSTRAINT pk_w_location PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_location_tenant_id_site_id_building_floor_label_room UNIQUE (tenant_id, site_id, building, floor_label, room),
    CONSTRAINT fk_w_location_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_location_site FOREIGN KEY (tenant_id, site_id) REFERENCES public.w_site (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE public.w_location IS 'Rooms and corridors';
COMMENT ON COLUMN public.w_location.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_location.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_location.site_id IS 'Site';
COMMENT ON COLUMN public.w_location.building IS 'Empty on sites with one building';
COMMENT ON COLUMN public.w_location.floor_label IS 'As on the button of the lift';
COMMENT ON COLUMN public.w_location.room IS 'Number or name on the door';
COMMENT ON COLUMN public.w_location.directions IS 'How to find it';

ALTER TABLE public.w_location ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_location FORCE ROW LEVEL SECURITY;

-- expect: policy-always-true @ public.w_location
-- expect: policy-without-tenant-setting @ public.w_location
CREATE POLICY w_location_tenant ON public.w_location
    USING (true)
    WITH CHECK (true);

GRANT SELECT ON public.w_location TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.w_location TO app_writer;

ALTER TABLE public.w_site ADD COLUMN reception_location_id uuid NOT NULL;

COMMENT ON COLUMN public.w_site.reception_location_id IS 'Where the technician announces himself';

-- expect: foreign-key-cycle @ public.w_site
ALTER TABLE public.w_site
    ADD CONSTRAINT fk_w_site_reception_location
    FOREIGN KEY (tenant_id, reception_location_id) REFERENCES public.w_location (tenant_id, id);

CREATE INDEX ix_w_site_tenant_id_reception_location_id ON public.w_site (tenant_id, reception_location_id);
