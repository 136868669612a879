INSERT INTO public.c_incident_cause (code, label, default_severity, needs_visit) VALUES
    ('paper_jam', 'Paper jam', 'minor', true),
    ('print_quality', 'Streaks or pale pages', 'minor', true),
    ('no_network', 'Not reachable on the network', 'major', false),
    ('no_power', 'Does not switch on', 'blocking', true),
    ('scan_to_mail', 'Scan to e-mail fails', 'major', false),
    ('toner_missing', 'Toner not delivered', 'major', false)
ON CONFLICT (code) DO UPDATE SET
    label = EXCLUDED.label,
    default_severity = EXCLUDED.default_severity,
    needs_visit = EXCLUDED.needs_visit;
