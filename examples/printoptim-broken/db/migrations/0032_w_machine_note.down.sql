DROP TABLE public.w_machine_note;
