-- Machines that talk to us: collectors on the customers' networks and ERP connectors.

CREATE TABLE public.w_api_client (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    label text NOT NULL,
    key_digest bytea NOT NULL,
    scopes text[] NOT NULL DEFAULT ARRAY['reading:write'],
    allowed_networks cidr[] NOT NULL DEFAULT '{}',
    last_used_at timestamptz,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_w_api_client PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_w_api_client_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id) ON DELETE CASCADE,
    CONSTRAINT uq_w_api_client_tenant_id_label UNIQUE (tenant_id, label),
    CONSTRAINT ck_w_api_client_key_digest CHECK (octet_length(key_digest) = 32)
);

COMMENT ON TABLE public.w_api_client IS 'Programs allowed to call the API for a dealer';
COMMENT ON COLUMN public.w_api_client.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_api_client.id IS 'Client id, public';
COMMENT ON COLUMN public.w_api_client.label IS 'What the dealer calls it';
COMMENT ON COLUMN public.w_api_client.key_digest IS 'SHA-256 of the key; the key itself is shown once and not kept';
COMMENT ON COLUMN public.w_api_client.scopes IS 'What it may do';
COMMENT ON COLUMN public.w_api_client.allowed_networks IS 'Empty means any address';
COMMENT ON COLUMN public.w_api_client.last_used_at IS 'Last successful call, to the hour';
COMMENT ON COLUMN public.w_api_client.expires_at IS 'Keys end after a year';

ALTER TABLE public.w_api_client ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_api_client FORCE ROW LEVEL SECURITY;

CREATE POLICY w_api_client_tenant ON public.w_api_client
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT, INSERT, UPDATE, DELETE ON public.w_api_client TO app_writer;
