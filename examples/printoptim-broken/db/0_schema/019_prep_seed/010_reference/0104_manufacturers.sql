INSERT INTO public.c_manufacturer (code, label, snmp_enterprise_id, support_url) VALUES
    ('canon', 'Canon', 1602, 'https://global.canon/en/support/'),
    ('hp', 'HP', 11, 'https://support.hp.com/'),
    ('konica', 'Konica Minolta', 18334, NULL),
    ('kyocera', 'KYOCERA Document Solutions', 1347, NULL),
    ('ricoh', 'RICOH', 367, 'https://support.ricoh.com/'),
    ('xerox', 'Xerox', 253, NULL)
ON CONFLICT (code) DO UPDATE SET support_url = coalesce(EXCLUDED.support_url, c_manufacturer.support_url);
