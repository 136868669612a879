INSERT INTO public.c_incident_cause (code, label, default_severity, needs_visit) VALUES
    ('fuser_worn', 'Fuser worn out', 'major', true)
ON CONFLICT (code) DO NOTHING;

-- expect: syntax-error
INSERT INTO public.c_incident_cause (code, label, default_severity, needs_visit) VALUES
    ('drum_worn', 'Drum worn out' 'minor', true
ON CONFLICT (code) DO NOTHING;

INSERT INTO public.c_incident_cause (code, label, default_severity, needs_visit) VALUES
    ('staple_jam', 'Staple jam', 'minor', true)
ON CONFLICT (code) DO NOTHING;
