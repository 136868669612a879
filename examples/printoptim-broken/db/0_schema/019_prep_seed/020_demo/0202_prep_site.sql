CREATE TABLE prep_seed.prep_site (
    customer_code text NOT NULL,
    code text NOT NULL,
    label text NOT NULL,
    address public.postal_address NOT NULL,
    CONSTRAINT pk_prep_site PRIMARY KEY (customer_code, code),
    CONSTRAINT fk_prep_site_customer FOREIGN KEY (customer_code) REFERENCES prep_seed.prep_customer (code)
);

COMMENT ON TABLE prep_seed.prep_site IS 'Sites of the demonstration customers';
COMMENT ON COLUMN prep_seed.prep_site.customer_code IS 'Customer the site belongs to';
COMMENT ON COLUMN prep_seed.prep_site.code IS 'Site code';
COMMENT ON COLUMN prep_seed.prep_site.label IS 'Name of the site';
COMMENT ON COLUMN prep_seed.prep_site.address IS 'Invented address';

GRANT SELECT ON prep_seed.prep_site TO app_operator;

INSERT INTO prep_seed.prep_site (customer_code, code, label, address) VALUES
    ('MAIRIE-DEMO', 'HDV', 'Hôtel de ville', ROW ('1 place de la Mairie', NULL, '99001', 'Saint-Exemple', 'FR')),
    ('MAIRIE-DEMO', 'CTM', 'Centre technique', ROW ('12 rue des Ateliers', 'Bâtiment B', '99001', 'Saint-Exemple', 'FR')),
    ('LYCEE-DEMO', 'MAIN', 'Site principal', ROW ('3 avenue du Savoir', NULL, '99002', 'Exempleville', 'FR')),
    ('NOTAIRE-DEMO', 'BXL', 'Bruxelles', ROW ('8 rue du Modèle', NULL, '1000', 'Bruxelles', 'BE'))
ON CONFLICT (customer_code, code) DO NOTHING;
