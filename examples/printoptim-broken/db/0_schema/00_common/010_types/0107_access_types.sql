CREATE TYPE public.access_level AS ENUM ('viewer', 'requester', 'technician', 'manager', 'owner');
COMMENT ON TYPE public.access_level IS 'Each level includes those before it';
