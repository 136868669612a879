-- By reference, not by id: ids differ between environments.
INSERT INTO public.c_model_consumable (machine_model_id, consumable_kind_code)
SELECT m.id, k.code
FROM (VALUES
    ('5964C003', 'C-EXV58BK'),
    ('5964C003', 'C-EXV58C'),
    ('5964C003', 'C-EXV58M'),
    ('5964C003', 'C-EXV58Y'),
    ('5964C003', 'STAPLE-N1'),
    ('E50145DN', 'W9160MC'),
    ('1102VG3NL0', 'TK-3190'),
    ('1102VG3NL0', 'WT-3800'),
    ('418340', '842311')
) AS fit (reference, kind)
    JOIN public.c_machine_model AS m ON m.reference = fit.reference
    JOIN public.c_consumable_kind AS k ON k.code = fit.kind
ON CONFLICT (machine_model_id, consumable_kind_code) DO NOTHING;
