-- A tenant is a dealer: the company that installs and services the machines.
-- Its own customers are in w_customer.

CREATE TABLE public.w_tenant (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    slug text NOT NULL,
    label text NOT NULL,
    country_code text NOT NULL,
    locale_code text NOT NULL DEFAULT 'fr-FR',
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_tenant PRIMARY KEY (id),
    CONSTRAINT uq_w_tenant_slug UNIQUE (slug),
    CONSTRAINT fk_w_tenant_country FOREIGN KEY (country_code) REFERENCES public.c_country (code),
    CONSTRAINT fk_w_tenant_locale FOREIGN KEY (locale_code) REFERENCES public.c_locale (code),
    CONSTRAINT ck_w_tenant_slug CHECK (slug ~ '^[a-z][a-z0-9-]{2,40}$')
);

CREATE INDEX ix_w_tenant_country_code ON public.w_tenant (country_code);
CREATE INDEX ix_w_tenant_locale_code ON public.w_tenant (locale_code);

COMMENT ON TABLE public.w_tenant IS 'Dealers. Root of the tenancy';
COMMENT ON COLUMN public.w_tenant.id IS 'What app.tenant_id holds in a session of this dealer';
COMMENT ON COLUMN public.w_tenant.slug IS 'Sub-domain, for instance acme in acme.printoptim.example';
COMMENT ON COLUMN public.w_tenant.label IS 'Company name';
COMMENT ON COLUMN public.w_tenant.country_code IS 'Where the dealer is established';
COMMENT ON COLUMN public.w_tenant.locale_code IS 'Language of documents unless the customer has another';
COMMENT ON COLUMN public.w_tenant.is_active IS 'False once the subscription has ended';
COMMENT ON COLUMN public.w_tenant.created_at IS 'Sign-up';
COMMENT ON COLUMN public.w_tenant.updated_at IS 'Last change';

ALTER TABLE public.w_tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_tenant FORCE ROW LEVEL SECURITY;

CREATE POLICY w_tenant_self ON public.w_tenant
    FOR SELECT
    USING (id = (SELECT current_setting('app.tenant_id', true)::uuid));

CREATE TRIGGER trg_w_tenant_touch
    BEFORE UPDATE ON public.w_tenant
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_tenant TO app_reader, app_writer;
