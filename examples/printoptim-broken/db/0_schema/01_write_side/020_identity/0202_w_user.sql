-- People who log in. Authentication is done by the identity provider: no passwords here.

CREATE TABLE public.w_user (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    email public.email_address NOT NULL,
    full_name text NOT NULL,
    idp_subject text,
    access public.access_level NOT NULL DEFAULT 'viewer',
    locale_code text,
    last_login_at timestamptz,
    deactivated_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_user PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_w_user_tenant_id_email UNIQUE (tenant_id, email),
    CONSTRAINT fk_w_user_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_user_locale FOREIGN KEY (locale_code) REFERENCES public.c_locale (code),
    CONSTRAINT ck_w_user_full_name CHECK (btrim(full_name) <> '')
);

CREATE INDEX ix_w_user_locale_code ON public.w_user (locale_code);
CREATE UNIQUE INDEX ux_w_user_tenant_id_idp_subject
    ON public.w_user (tenant_id, idp_subject)
    WHERE idp_subject IS NOT NULL;

COMMENT ON TABLE public.w_user IS 'People of the dealer and of its customers';
COMMENT ON COLUMN public.w_user.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_user.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_user.email IS 'Log-in and notification address';
COMMENT ON COLUMN public.w_user.full_name IS 'As shown to colleagues';
COMMENT ON COLUMN public.w_user.idp_subject IS 'Claim "sub" of the identity provider; empty until the invitation is accepted';
COMMENT ON COLUMN public.w_user.access IS 'Level of access, the same for all customers of the dealer';
COMMENT ON COLUMN public.w_user.locale_code IS 'Language; empty means that of the dealer';
COMMENT ON COLUMN public.w_user.last_login_at IS 'Last log-in';
COMMENT ON COLUMN public.w_user.deactivated_at IS 'Set when the person has left; rows are never deleted';
COMMENT ON COLUMN public.w_user.created_at IS 'Invitation';
COMMENT ON COLUMN public.w_user.updated_at IS 'Last change';

ALTER TABLE public.w_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_user FORCE ROW LEVEL SECURITY;

CREATE POLICY w_user_tenant ON public.w_user
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_user_touch
    BEFORE UPDATE ON public.w_user
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_user TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_user TO app_writer;
