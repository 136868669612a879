INSERT INTO public.c_country (code, label, currency_code, phone_prefix, is_in_eu) VALUES
    ('FR', 'France', 'EUR', '+33', true),
    ('BE', 'Belgium', 'EUR', '+32', true),
    ('LU', 'Luxembourg', 'EUR', '+352', true),
    ('DE', 'Germany', 'EUR', '+49', true),
    ('CH', 'Switzerland', 'CHF', '+41', false),
    ('GB', 'United Kingdom', 'GBP', '+44', false),
    ('CA', 'Canada', 'CAD', '+1', false),
    ('SN', 'Senegal', 'XOF', '+221', false)
ON CONFLICT (code) DO UPDATE SET
    label = EXCLUDED.label,
    currency_code = EXCLUDED.currency_code,
    phone_prefix = EXCLUDED.phone_prefix,
    is_in_eu = EXCLUDED.is_in_eu;
