CREATE TABLE public.w_team_member (
    tenant_id uuid NOT NULL,
    team_id uuid NOT NULL,
    user_id uuid NOT NULL,
    is_lead boolean NOT NULL DEFAULT false,
    joined_on date NOT NULL DEFAULT CURRENT_DATE,
    CONSTRAINT pk_w_team_member PRIMARY KEY (tenant_id, team_id, user_id),
    CONSTRAINT fk_w_team_member_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_team_member_team FOREIGN KEY (tenant_id, team_id)
        REFERENCES public.w_team (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_w_team_member_user FOREIGN KEY (tenant_id, user_id)
        REFERENCES public.w_user (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_w_team_member_tenant_id_user_id ON public.w_team_member (tenant_id, user_id);

-- a team has one lead at most
CREATE UNIQUE INDEX ux_w_team_member_tenant_id_team_id
    ON public.w_team_member (tenant_id, team_id)
    WHERE is_lead;

COMMENT ON TABLE public.w_team_member IS 'Who works in which team';
COMMENT ON COLUMN public.w_team_member.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_team_member.team_id IS 'Team';
COMMENT ON COLUMN public.w_team_member.user_id IS 'Member';
COMMENT ON COLUMN public.w_team_member.is_lead IS 'Gets the escalations';
COMMENT ON COLUMN public.w_team_member.joined_on IS 'First day in the team';

ALTER TABLE public.w_team_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_team_member FORCE ROW LEVEL SECURITY;

CREATE POLICY w_team_member_read ON public.w_team_member
    FOR SELECT TO app_reader, app_writer
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

-- expect: policy-with-check-missing @ public.w_team_member
-- expect: policy-without-tenant-setting @ public.w_team_member
CREATE POLICY w_team_member_add ON public.w_team_member
    FOR INSERT TO app_writer;

CREATE POLICY w_team_member_remove ON public.w_team_member
    FOR DELETE TO app_writer
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_team_member TO app_reader;
GRANT SELECT, INSERT, DELETE ON public.w_team_member TO app_writer;
