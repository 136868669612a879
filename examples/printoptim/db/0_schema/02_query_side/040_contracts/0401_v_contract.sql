CREATE OR REPLACE VIEW public.v_contract
WITH (security_invoker = true) AS
SELECT
    k.tenant_id,
    k.id,
    k.reference,
    k.kind,
    k.status,
    k.cycle,
    k.customer_id,
    c.label AS customer_label,
    k.currency_code,
    lower(k.valid_during) AS starts_on,
    upper(k.valid_during) AS ends_on,
    coverage.machine_count,
    coverage.machines
FROM public.w_contract AS k
    JOIN public.w_customer AS c ON c.tenant_id = k.tenant_id AND c.id = k.customer_id
    CROSS JOIN LATERAL (
        SELECT
            count(*) AS machine_count,
            coalesce(jsonb_agg(jsonb_build_object(
                'serial', m.serial_number,
                'since', lower(km.covered_during)
            ) ORDER BY m.serial_number), '[]'::jsonb) AS machines
        FROM public.w_contract_machine AS km
            JOIN public.w_machine AS m ON m.tenant_id = km.tenant_id AND m.id = km.machine_id
        WHERE km.tenant_id = k.tenant_id
            AND km.contract_id = k.id
    ) AS coverage;

COMMENT ON VIEW public.v_contract IS 'Contracts with the machines they cover; source of r_contract';

GRANT SELECT ON public.v_contract TO app_reader, app_writer;
