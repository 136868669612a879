CREATE TYPE public.invoice_status AS ENUM ('prepared', 'issued', 'paid', 'overdue', 'credited');
CREATE TYPE public.payment_method AS ENUM ('transfer', 'direct_debit', 'card', 'cheque');

COMMENT ON TYPE public.invoice_status IS 'From issued on, the invoice may not change: see fn_freeze_invoice';
COMMENT ON TYPE public.payment_method IS 'How the customer paid';
