SET LOCAL lock_timeout = '2s';

ALTER TABLE public.w_customer DROP CONSTRAINT ck_w_customer_vat_number;
