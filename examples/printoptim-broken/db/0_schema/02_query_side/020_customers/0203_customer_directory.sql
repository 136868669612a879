-- Printed once a year for the sales meeting.

-- expect: layer-name-pattern @ public.customer_directory
CREATE OR REPLACE VIEW public.customer_directory
WITH (security_invoker = true) AS
SELECT
    c.tenant_id,
    c.code,
    c.label,
    contact.full_name AS contact_name,
    contact.phone
FROM public.w_customer AS c
    LEFT JOIN public.w_customer_contact AS contact
        ON contact.tenant_id = c.tenant_id AND contact.customer_id = c.id;

COMMENT ON VIEW public.customer_directory IS 'Customers and their contacts, for the printed directory';

GRANT SELECT ON public.customer_directory TO app_reader;
