-- expect: missing-object @ public.v_contract_ending_soon
CREATE OR REPLACE VIEW public.v_contract_ending_soon
WITH (security_invoker = true) AS
SELECT
    v.tenant_id,
    v.id,
    v.reference,
    v.customer_label,
    v.ends_on,
    v.ends_on - CURRENT_DATE AS days_left,
    ntile(4) OVER (PARTITION BY v.tenant_id ORDER BY v.ends_on) AS urgency
FROM public.v_contracts AS v
WHERE v.status = 'signed'
    AND v.ends_on BETWEEN CURRENT_DATE AND CURRENT_DATE + 120;

COMMENT ON VIEW public.v_contract_ending_soon IS 'Contracts to renew in the next four months';

GRANT SELECT ON public.v_contract_ending_soon TO app_reader;
