-- Where a machine stood and when. The exclusion constraint is the business rule:
-- a machine is in one place at a time.

-- expect: tenant-column-without-foreign-key @ public.w_machine_placement.tenant_id
CREATE TABLE public.w_machine_placement (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    machine_id uuid NOT NULL,
    location_id uuid NOT NULL,
    placed_during daterange NOT NULL,
    placed_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_machine_placement PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_w_machine_placement_machine FOREIGN KEY (tenant_id, machine_id)
        REFERENCES public.w_machine (tenant_id, id),
    CONSTRAINT fk_w_machine_placement_location FOREIGN KEY (tenant_id, location_id)
        REFERENCES public.w_location (tenant_id, id),
    CONSTRAINT fk_w_machine_placement_placed_by FOREIGN KEY (tenant_id, placed_by)
        REFERENCES public.w_user (tenant_id, id),
    CONSTRAINT ex_w_machine_placement_one_place EXCLUDE USING gist (
        tenant_id WITH =,
        machine_id WITH =,
        placed_during WITH &&
    ),
    CONSTRAINT ck_w_machine_placement_during CHECK (NOT isempty(placed_during) AND NOT lower_inf(placed_during))
);

CREATE INDEX ix_w_machine_placement_tenant_id_machine_id ON public.w_machine_placement (tenant_id, machine_id);
CREATE INDEX ix_w_machine_placement_tenant_id_location_id ON public.w_machine_placement (tenant_id, location_id);
CREATE INDEX ix_w_machine_placement_tenant_id_placed_by ON public.w_machine_placement (tenant_id, placed_by);

COMMENT ON TABLE public.w_machine_placement IS 'History of the places of each machine';
COMMENT ON COLUMN public.w_machine_placement.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_machine_placement.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_machine_placement.machine_id IS 'Machine';
COMMENT ON COLUMN public.w_machine_placement.location_id IS 'Place';
COMMENT ON COLUMN public.w_machine_placement.placed_during IS 'Open upper bound: it is still there';
COMMENT ON COLUMN public.w_machine_placement.placed_by IS 'Technician; empty for imported history';
COMMENT ON COLUMN public.w_machine_placement.created_at IS 'Creation';

ALTER TABLE public.w_machine_placement ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_machine_placement FORCE ROW LEVEL SECURITY;

CREATE POLICY w_machine_placement_tenant ON public.w_machine_placement
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_machine_placement TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_machine_placement TO app_writer;
