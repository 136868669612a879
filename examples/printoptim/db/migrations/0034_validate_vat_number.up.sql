SET LOCAL lock_timeout = '2s';

ALTER TABLE public.w_customer VALIDATE CONSTRAINT ck_w_customer_vat_number;
