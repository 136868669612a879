-- Demonstration dealer "Atelier Bureautique": copied into a fresh tenant by fn_seed_demo_tenant.

CREATE TABLE prep_seed.prep_customer (
    code text NOT NULL,
    label text NOT NULL,
    country_code text NOT NULL,
    billing_email public.email_address NOT NULL,
    CONSTRAINT pk_prep_customer PRIMARY KEY (code)
);

COMMENT ON TABLE prep_seed.prep_customer IS 'Customers of the demonstration dealer';
COMMENT ON COLUMN prep_seed.prep_customer.code IS 'Customer code, kept in the tenant';
COMMENT ON COLUMN prep_seed.prep_customer.label IS 'Invented organisation';
COMMENT ON COLUMN prep_seed.prep_customer.country_code IS 'Country of the customer';
COMMENT ON COLUMN prep_seed.prep_customer.billing_email IS 'Address at example.com: nothing is ever sent';

GRANT SELECT ON prep_seed.prep_customer TO app_operator;

INSERT INTO prep_seed.prep_customer (code, label, country_code, billing_email) VALUES
    ('MAIRIE-DEMO', 'Mairie de Saint-Exemple', 'FR', 'factures@mairie.example.com'),
    ('LYCEE-DEMO', 'Lycée des Exemples', 'FR', 'intendance@lycee.example.com'),
    ('NOTAIRE-DEMO', 'Étude Modèle et associés', 'BE', 'compta@notaire.example.com')
ON CONFLICT (code) DO NOTHING;
