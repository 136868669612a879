-- expect: tenant-join-missing @ public.v_site
CREATE OR REPLACE VIEW public.v_site
WITH (security_invoker = true) AS
SELECT
    s.tenant_id,
    s.id,
    s.customer_id,
    c.label AS customer_label,
    s.code,
    s.label,
    concat_ws(', ', (s.address).line_1, (s.address).line_2, (s.address).postcode, (s.address).city) AS address_line,
    (s.address).country_code AS country_code,
    s.time_zone,
    team.label AS team_label,
    s.closed_on
FROM public.w_site AS s
    JOIN public.w_customer AS c ON c.id = s.customer_id
    LEFT JOIN public.w_team AS team ON team.tenant_id = s.tenant_id AND team.id = s.service_team_id;

COMMENT ON VIEW public.v_site IS 'Sites on one line each, for lists and the map';

GRANT SELECT ON public.v_site TO app_reader;
