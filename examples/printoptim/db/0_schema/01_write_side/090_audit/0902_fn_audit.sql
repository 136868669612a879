-- One function for every audited table; the row travels as jsonb, so it need not know the columns.

CREATE OR REPLACE FUNCTION public.fn_audit()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    v_after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
BEGIN
    INSERT INTO public.w_audit_entry (tenant_id, table_name, operation, row_before, row_after)
    VALUES (
        (coalesce(v_after, v_before) ->> 'tenant_id')::uuid,
        TG_TABLE_NAME,
        TG_OP,
        v_before,
        v_after
    );

    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION public.fn_audit() IS 'AFTER any change: keeps the row before and after';

CREATE TRIGGER trg_w_user_audit
    AFTER INSERT OR UPDATE OR DELETE ON public.w_user
    FOR EACH ROW EXECUTE FUNCTION public.fn_audit();

CREATE TRIGGER trg_w_api_client_audit
    AFTER INSERT OR UPDATE OR DELETE ON public.w_api_client
    FOR EACH ROW EXECUTE FUNCTION public.fn_audit();

CREATE TRIGGER trg_w_contract_audit
    AFTER INSERT OR UPDATE OR DELETE ON public.w_contract
    FOR EACH ROW EXECUTE FUNCTION public.fn_audit();
