CREATE TABLE public.w_machine_alert (
    id bigint GENERATED ALWAYS AS IDENTITY,
    tenant_id uuid NOT NULL,
    machine_id uuid NOT NULL,
    alert_code text NOT NULL,
    ink public.ink_color,
    raised_at timestamptz NOT NULL,
    cleared_at timestamptz,
    payload jsonb,
    CONSTRAINT pk_w_machine_alert PRIMARY KEY (id),
    CONSTRAINT fk_w_machine_alert_tenant FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_w_machine_alert_machine FOREIGN KEY (tenant_id, machine_id)
        REFERENCES public.w_machine (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_w_machine_alert_cleared_at CHECK (cleared_at >= raised_at)
);

CREATE INDEX ix_w_machine_alert_tenant_id_machine_id_raised_at
    ON public.w_machine_alert (tenant_id, machine_id, raised_at DESC);
CREATE UNIQUE INDEX ux_w_machine_alert_standing
    ON public.w_machine_alert (tenant_id, machine_id, alert_code, coalesce(ink, 'black'::public.ink_color))
    WHERE cleared_at IS NULL;

COMMENT ON TABLE public.w_machine_alert IS 'Alerts the machines raise themselves: toner low, cover open, waste full';
COMMENT ON COLUMN public.w_machine_alert.id IS 'Surrogate key';
COMMENT ON COLUMN public.w_machine_alert.tenant_id IS 'Dealer';
COMMENT ON COLUMN public.w_machine_alert.machine_id IS 'Machine';
COMMENT ON COLUMN public.w_machine_alert.alert_code IS 'prtAlertCode of the Printer MIB, in words';
COMMENT ON COLUMN public.w_machine_alert.ink IS 'Colour concerned, if any';
COMMENT ON COLUMN public.w_machine_alert.raised_at IS 'First seen';
COMMENT ON COLUMN public.w_machine_alert.cleared_at IS 'No longer seen; empty while it stands';
COMMENT ON COLUMN public.w_machine_alert.payload IS 'Row of the alert table as received';

ALTER TABLE public.w_machine_alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.w_machine_alert FORCE ROW LEVEL SECURITY;

CREATE POLICY w_machine_alert_tenant ON public.w_machine_alert
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid))
    WITH CHECK (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));

GRANT SELECT ON public.w_machine_alert TO app_reader;
GRANT SELECT, INSERT, UPDATE ON public.w_machine_alert TO app_writer;
