INSERT INTO public.c_currency (code, label, minor_digits) VALUES
    ('EUR', 'Euro', 2),
    ('CHF', 'Swiss franc', 2),
    ('GBP', 'Pound sterling', 2),
    ('USD', 'US dollar', 2),
    ('CAD', 'Canadian dollar', 2),
    ('XOF', 'West African CFA franc', 0)
ON CONFLICT (code) DO UPDATE SET
    label = EXCLUDED.label,
    minor_digits = EXCLUDED.minor_digits;
