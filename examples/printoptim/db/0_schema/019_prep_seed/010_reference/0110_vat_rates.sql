-- The exclusion constraint cannot be an ON CONFLICT target for an update; only missing rows are added.
INSERT INTO public.c_vat_rate (country_code, rate, valid_during) VALUES
    ('FR', 20.00, '[2014-01-01,)'),
    ('BE', 21.00, '[1996-01-01,)'),
    ('DE', 19.00, '[2021-01-01,)'),
    ('LU', 16.00, '[2023-01-01,2024-01-01)'),
    ('LU', 17.00, '[2024-01-01,)'),
    ('CH', 8.10, '[2024-01-01,)'),
    ('GB', 20.00, '[2011-01-04,)')
ON CONFLICT DO NOTHING;
