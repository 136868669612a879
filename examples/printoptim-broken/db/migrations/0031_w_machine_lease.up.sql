-- The leasing company asks for the end of each lease (ticket 4471).
SET LOCAL lock_timeout = '2s';

ALTER TABLE public.w_machine ADD COLUMN lessor_label text;
ALTER TABLE public.w_machine ADD COLUMN lease_ends_on date;

COMMENT ON COLUMN public.w_machine.lessor_label IS 'Leasing company; empty when the machine was bought';
COMMENT ON COLUMN public.w_machine.lease_ends_on IS 'Last day of the lease';
