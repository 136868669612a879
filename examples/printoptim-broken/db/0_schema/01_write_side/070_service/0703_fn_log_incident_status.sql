CREATE OR REPLACE FUNCTION public.fn_log_incident_status()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN
        RETURN NULL;
    END IF;

    INSERT INTO public.w_incident_event (tenant_id, incident_id, old_status, new_status, note)
    VALUES (
        NEW.tenant_id,
        NEW.id,
        CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END,
        NEW.status,
        nullif(current_setting('app.change_note', true), '')
    );

    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION public.fn_log_incident_status() IS 'AFTER INSERT OR UPDATE on w_incident: writes the event log';

CREATE TRIGGER trg_w_incident_log
    AFTER INSERT OR UPDATE OF status ON public.w_incident
    FOR EACH ROW EXECUTE FUNCTION public.fn_log_incident_status();
