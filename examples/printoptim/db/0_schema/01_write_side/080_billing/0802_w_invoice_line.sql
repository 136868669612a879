CREATE TABLE public.w_invoice_line (
    tenant_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    line_number integer NOT NULL,
    label text NOT NULL,
    machine_id uuid,
    quantity numeric(14, 3) NOT NULL,
    unit_cost public.unit_cost NOT NULL,
    vat_percent public.percentage NOT NULL,
    line_net numeric(14, 2) GENERATED ALWAYS AS (round(quantity * unit_cost::numeric, 2)) STORED,
    CONSTRAINT pk_w_invoice_line PRIMARY KEY (tenant_id, invoice_id, line_number),
    CONSTRAINT fk_w_invoice_line_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_invoice_line_invoice FOREIGN KEY (tenant_id, invoice_id)
        REFERENCES public.w_invoice (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_w_invoice_line_machine FOREIGN KEY (tenant_id, machine_id) REFERENCES public.w_machine (tenant_id, id)
);

CREATE INDEX ix_w_invoice_line_tenant_id_machine_id ON public.w_invoice_line (tenant_id, machine_id)
    WHERE machine_id IS NOT NULL;

COMMENT ON TABLE public.w_invoice_line IS 'Lines of an invoice';
COMMENT ON COLUMN public.w_invoice_line.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_invoice_line.invoice_id IS 'Invoice';
COMMENT ON COLUMN public.w_invoice_line.line_number IS 'From 1, as printed';
COMMENT ON COLUMN public.w_invoice_line.label IS 'Text on the invoice';
COMMENT ON COLUMN public.w_invoice_line.machine_id IS 'Machine the pages were printed on';
COMMENT ON COLUMN public.w_invoice_line.quantity IS 'Pages, pieces or months';
COMMENT ON COLUMN public.w_invoice_line.unit_cost IS 'Price of one';
COMMENT ON COLUMN public.w_invoice_line.vat_percent IS 'VAT rate on the day of issue';
COMMENT ON COLUMN public.w_invoice_line.line_net IS 'Computed, rounded to the cent';

ALTER TABLE public.w_invoice_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_invoice_line FORCE ROW LEVEL SECURITY;

CREATE POLICY w_invoice_line_tenant ON public.w_invoice_line
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_invoice_line TO app_reader;
GRANT SELECT, INSERT ON public.w_invoice_line TO app_writer;
