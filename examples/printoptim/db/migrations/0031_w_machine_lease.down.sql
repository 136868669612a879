SET LOCAL lock_timeout = '2s';

ALTER TABLE public.w_machine DROP COLUMN lease_ends_on;
ALTER TABLE public.w_machine DROP COLUMN lessor_label;
