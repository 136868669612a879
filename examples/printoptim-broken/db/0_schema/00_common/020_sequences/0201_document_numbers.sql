-- Numbers on paper. Gaps are allowed for orders; the tax office does not like them on
-- invoices, so invoices take theirs from w_document_counter instead.

CREATE SEQUENCE public.seq_order_reference AS bigint START WITH 100001 INCREMENT BY 1 CACHE 20;

COMMENT ON SEQUENCE public.seq_order_reference IS 'Order references, shared by all tenants so that support can search them';

GRANT USAGE ON SEQUENCE public.seq_order_reference TO app_writer;
