INSERT INTO public.c_locale (code, label, country_code, is_offered)
VALUES
    ('fr-FR', 'français (France)', 'FR', true),
    ('fr-BE', 'français (Belgique)', 'BE', true),
    ('nl-BE', 'Nederlands (België)', 'BE', false),  -- translation at 60 %
    ('de-DE', 'Deutsch', 'DE', true),
    ('en-GB', 'English', 'GB', true)
ON CONFLICT (code) DO NOTHING;
