-- expect: unreferenced-object @ public.pg_network_port
-- expect: pg-prefix-identifier @ public.pg_network_port
CREATE DOMAIN public.pg_network_port AS integer
    CONSTRAINT ck_pg_network_port_bounds CHECK (VALUE BETWEEN 1 AND 65535);

COMMENT ON DOMAIN public.pg_network_port IS 'TCP port of a print queue ("pg" for PaperGate, the spooler we bought)';
