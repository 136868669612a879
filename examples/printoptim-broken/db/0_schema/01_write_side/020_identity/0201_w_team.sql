-- expect: tenant-unique-not-scoped @ public.w_team
-- expect: no-timetz-type @ public.w_team.covers_from
-- expect: no-timetz-type @ public.w_team.covers_until
CREATE TABLE public.w_team (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    label text NOT NULL,
    dispatch_email public.email_address,
    covers_from timetz,
    covers_until timetz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_team PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_w_team_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT uq_w_team_label UNIQUE (label),
    CONSTRAINT ck_w_team_cover CHECK (covers_from < covers_until)
);

COMMENT ON TABLE public.w_team IS 'Service teams of a dealer, usually by region';
COMMENT ON COLUMN public.w_team.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_team.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_team.label IS 'Name of the team';
COMMENT ON COLUMN public.w_team.dispatch_email IS 'Gets a mail for each new blocking incident';
COMMENT ON COLUMN public.w_team.covers_from IS 'Start of the working day, local time';
COMMENT ON COLUMN public.w_team.covers_until IS 'End of the working day, local time';
COMMENT ON COLUMN public.w_team.created_at IS 'Creation';
-- expect: missing-column @ public.w_team.fax
COMMENT ON COLUMN public.w_team.fax IS 'Fax number of the dispatcher';

ALTER TABLE public.w_team ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_team FORCE ROW LEVEL SECURITY;

CREATE POLICY w_team_tenant ON public.w_team
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_team TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_team TO app_writer;
