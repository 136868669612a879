-- expect: insert-without-column-list @ public.c_paper_format
INSERT INTO public.c_paper_format VALUES
    ('A5', 148, 210),
    ('A4', 210, 297),
    ('A3', 297, 420),
    ('SRA3', 320, 450),
    ('LETTER', 216, 279),
    ('LEGAL', 216, 356)
ON CONFLICT (code) DO NOTHING;
