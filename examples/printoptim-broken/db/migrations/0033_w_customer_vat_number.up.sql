-- First half: new rows are checked at once, old rows by 0034 without blocking anybody.
SET LOCAL lock_timeout = '2s';

ALTER TABLE public.w_customer
    ADD CONSTRAINT ck_w_customer_vat_number CHECK (vat_number ~ '^[A-Z]{2}[0-9A-Z]{2,13}$') NOT VALID;
