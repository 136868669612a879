-- Gapless numbers, one row per tenant, kind and year. The row lock is the point:
-- two invoices of one dealer are numbered one after the other.

CREATE TABLE public.w_document_counter (
    tenant_id uuid NOT NULL CONSTRAINT fk_w_document_counter_tenant REFERENCES public.w_tenant (id),
    document_kind text NOT NULL,
    fiscal_year integer NOT NULL,
    last_number bigint NOT NULL DEFAULT 0,
    CONSTRAINT pk_w_document_counter PRIMARY KEY (tenant_id, document_kind, fiscal_year),
    CONSTRAINT ck_w_document_counter_kind CHECK (document_kind IN ('invoice', 'credit_note'))
);

COMMENT ON TABLE public.w_document_counter IS 'Last number given out, without gaps';
COMMENT ON COLUMN public.w_document_counter.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_document_counter.document_kind IS 'invoice or credit_note';
COMMENT ON COLUMN public.w_document_counter.fiscal_year IS 'Numbers start again at 1 every year';
COMMENT ON COLUMN public.w_document_counter.last_number IS 'Last number used';

ALTER TABLE public.w_document_counter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY w_document_counter_tenant ON public.w_document_counter
    FOR ALL TO app_writer
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT, INSERT, UPDATE ON public.w_document_counter TO app_writer;
