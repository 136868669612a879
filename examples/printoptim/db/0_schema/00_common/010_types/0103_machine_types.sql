CREATE TYPE public.machine_status AS ENUM (
    'in_stock',     -- bought, never installed
    'installed',
    'in_repair',
    'retired'       -- kept for its readings
);
COMMENT ON TYPE public.machine_status IS 'Where a machine is in its life';

CREATE TYPE public.reading_source AS ENUM ('snmp', 'manual', 'estimate', 'import');
COMMENT ON TYPE public.reading_source IS 'Where a counter reading comes from, best first';

CREATE TYPE public.ink_color AS ENUM ('black', 'cyan', 'magenta', 'yellow');
COMMENT ON TYPE public.ink_color IS 'CMYK';
