CREATE TYPE public.incident_status AS ENUM ('open', 'assigned', 'waiting_for_part', 'resolved', 'closed');
CREATE TYPE public.incident_severity AS ENUM ('minor', 'major', 'blocking');

COMMENT ON TYPE public.incident_status IS 'waiting_for_part stops the service-level clock';
COMMENT ON TYPE public.incident_severity IS 'Said by the customer, corrected by the dispatcher';
