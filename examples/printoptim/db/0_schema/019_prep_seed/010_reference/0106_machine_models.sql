INSERT INTO public.c_machine_model
    (manufacturer_code, reference, label, has_color, max_paper_format, pages_per_minute, monthly_duty_cycle)
VALUES
    ('canon', '5964C003', 'imageRUNNER ADVANCE DX C3926i', true, 'A3', 26, 40000),
    ('hp', 'E78625DN', 'Color LaserJet Managed MFP E78625dn', true, 'A3', 25, 100000),
    ('hp', 'E50145DN', 'LaserJet Managed E50145dn', false, 'A4', 43, 150000),
    ('konica', 'AAJN021', 'bizhub C251i', true, 'SRA3', 25, NULL),
    ('kyocera', '1102VG3NL0', 'ECOSYS M3860idn', false, 'A4', 60, 250000),
    ('ricoh', '418340', 'IM C2500', true, 'SRA3', 25, 50000)
ON CONFLICT (manufacturer_code, reference) DO UPDATE SET
    label = EXCLUDED.label,
    pages_per_minute = EXCLUDED.pages_per_minute,
    monthly_duty_cycle = EXCLUDED.monthly_duty_cycle;
