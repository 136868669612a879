CREATE TABLE prep_seed.prep_machine (
    serial_number public.serial_number NOT NULL,
    customer_code text NOT NULL,
    site_code text NOT NULL,
    model_reference text NOT NULL,
    CONSTRAINT pk_prep_machine PRIMARY KEY (serial_number),
    CONSTRAINT fk_prep_machine_site FOREIGN KEY (customer_code, site_code)
        REFERENCES prep_seed.prep_site (customer_code, code)
);

CREATE INDEX ix_prep_machine_customer_code_site_code ON prep_seed.prep_machine (customer_code, site_code);

COMMENT ON TABLE prep_seed.prep_machine IS 'Machines of the demonstration customers';
COMMENT ON COLUMN prep_seed.prep_machine.serial_number IS 'Starts with DEMO, so that nobody dials a real one';
COMMENT ON COLUMN prep_seed.prep_machine.customer_code IS 'Customer';
COMMENT ON COLUMN prep_seed.prep_machine.site_code IS 'Site of the customer';
COMMENT ON COLUMN prep_seed.prep_machine.model_reference IS 'Reference in c_machine_model';

GRANT SELECT ON prep_seed.prep_machine TO app_operator;

INSERT INTO prep_seed.prep_machine (serial_number, customer_code, site_code, model_reference)
SELECT format('DEMO-%s', to_char(n, 'FM0000')), s.customer_code, s.code, m.reference
FROM generate_series(1, 12) AS n
    JOIN LATERAL (
        SELECT ps.customer_code, ps.code
        FROM prep_seed.prep_site AS ps
        ORDER BY ps.customer_code, ps.code
        LIMIT 1 OFFSET n % 4
    ) AS s ON true
    JOIN LATERAL (
        SELECT mm.reference
        FROM public.c_machine_model AS mm
        ORDER BY mm.reference
        LIMIT 1 OFFSET n % 6
    ) AS m ON true
ON CONFLICT (serial_number) DO NOTHING;
