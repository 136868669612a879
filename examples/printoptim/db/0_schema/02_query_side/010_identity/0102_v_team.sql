CREATE OR REPLACE VIEW public.v_team
WITH (security_invoker = true) AS
SELECT
    t.tenant_id,
    t.id,
    t.label,
    t.dispatch_email,
    count(m.user_id) AS member_count,
    coalesce(
        jsonb_agg(jsonb_build_object('id', u.id, 'name', u.full_name, 'lead', m.is_lead) ORDER BY u.full_name)
            FILTER (WHERE u.id IS NOT NULL),
        '[]'::jsonb
    ) AS members
FROM public.w_team AS t
    LEFT JOIN public.w_team_member AS m ON m.tenant_id = t.tenant_id AND m.team_id = t.id
    LEFT JOIN public.w_user AS u ON u.tenant_id = m.tenant_id AND u.id = m.user_id
GROUP BY t.tenant_id, t.id;

COMMENT ON VIEW public.v_team IS 'Teams with their members as JSON';

GRANT SELECT ON public.v_team TO app_reader;
