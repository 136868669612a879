CREATE TABLE public.c_incident_cause (
    code text NOT NULL CONSTRAINT pk_c_incident_cause PRIMARY KEY,
    label text NOT NULL,
    default_severity public.incident_severity NOT NULL DEFAULT 'minor',
    needs_visit boolean NOT NULL DEFAULT true,
    CONSTRAINT uq_c_incident_cause_label UNIQUE (label)
);

COMMENT ON TABLE public.c_incident_cause IS 'Causes a dispatcher can choose from';
COMMENT ON COLUMN public.c_incident_cause.code IS 'Code, also the key of the translation';
COMMENT ON COLUMN public.c_incident_cause.label IS 'English label';
COMMENT ON COLUMN public.c_incident_cause.default_severity IS 'Proposed when the customer says nothing';
COMMENT ON COLUMN public.c_incident_cause.needs_visit IS 'False where a phone call usually does it';

GRANT SELECT ON public.c_incident_cause TO app_reader, app_writer;
