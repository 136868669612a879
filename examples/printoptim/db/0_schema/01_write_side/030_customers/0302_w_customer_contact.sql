CREATE TABLE public.w_customer_contact (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    customer_id uuid NOT NULL,
    full_name text NOT NULL,
    job_title text,
    email public.email_address,
    phone text,
    wants_toner_alerts boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_w_customer_contact PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_w_customer_contact_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_customer_contact_customer FOREIGN KEY (tenant_id, customer_id)
        REFERENCES public.w_customer (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_w_customer_contact_reachable CHECK (num_nonnulls(email, phone) > 0)
);

CREATE INDEX ix_w_customer_contact_tenant_id_customer_id
    ON public.w_customer_contact (tenant_id, customer_id)
    INCLUDE (full_name, email);

COMMENT ON TABLE public.w_customer_contact IS 'People at the customer who do not log in';
COMMENT ON COLUMN public.w_customer_contact.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_customer_contact.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_customer_contact.customer_id IS 'Customer';
COMMENT ON COLUMN public.w_customer_contact.full_name IS 'Name';
COMMENT ON COLUMN public.w_customer_contact.job_title IS 'What they do there';
COMMENT ON COLUMN public.w_customer_contact.email IS 'Address; one of address and telephone is required';
COMMENT ON COLUMN public.w_customer_contact.phone IS 'Telephone, with prefix';
COMMENT ON COLUMN public.w_customer_contact.wants_toner_alerts IS 'Warned when toner was sent without an order';

ALTER TABLE public.w_customer_contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_customer_contact FORCE ROW LEVEL SECURITY;

CREATE POLICY w_customer_contact_tenant ON public.w_customer_contact
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_customer_contact TO app_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.w_customer_contact TO app_writer;
