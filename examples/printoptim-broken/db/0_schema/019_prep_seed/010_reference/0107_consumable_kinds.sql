INSERT INTO public.c_consumable_kind (code, manufacturer_code, label, ink, yield_pages, list_price) VALUES
    ('C-EXV58BK', 'canon', 'Toner C-EXV58 black', 'black', 71000, 118.00),
    ('C-EXV58C', 'canon', 'Toner C-EXV58 cyan', 'cyan', 60000, 342.00),
    ('C-EXV58M', 'canon', 'Toner C-EXV58 magenta', 'magenta', 60000, 342.00),
    ('C-EXV58Y', 'canon', 'Toner C-EXV58 yellow', 'yellow', 60000, 342.00),
    ('W9160MC', 'hp', 'Managed toner W9160 black', 'black', 32000, 96.50),
    ('TK-3190', 'kyocera', 'Toner kit TK-3190', 'black', 25000, 139.90),
    ('842311', 'ricoh', 'Toner IM C2500 black', 'black', 16500, 54.20)
ON CONFLICT (code) DO UPDATE SET list_price = EXCLUDED.list_price;

INSERT INTO public.c_consumable_kind (code, manufacturer_code, label, list_price) VALUES
    ('WT-3800', 'kyocera', 'Waste toner box', 21.00),
    ('STAPLE-N1', 'canon', 'Staples N1, three cartridges', 48.00)
ON CONFLICT (code) DO UPDATE SET list_price = EXCLUDED.list_price;
