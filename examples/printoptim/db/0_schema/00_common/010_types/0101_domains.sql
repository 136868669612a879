-- Small vocabularies that would otherwise be copied into forty CHECK constraints.

CREATE DOMAIN public.email_address AS citext
    CONSTRAINT ck_email_address_shape CHECK (VALUE ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$');

CREATE DOMAIN public.amount AS numeric(14, 2);

CREATE DOMAIN public.unit_cost AS numeric(14, 6)
    CONSTRAINT ck_unit_cost_positive CHECK (VALUE >= 0);

CREATE DOMAIN public.percentage AS numeric(5, 2)
    CONSTRAINT ck_percentage_bounds CHECK (VALUE BETWEEN 0 AND 100);

CREATE DOMAIN public.page_count AS bigint
    CONSTRAINT ck_page_count_positive CHECK (VALUE >= 0);

CREATE DOMAIN public.serial_number AS text
    CONSTRAINT ck_serial_number_shape CHECK (VALUE ~ '^[A-Z0-9][A-Z0-9/-]{3,29}$');

COMMENT ON DOMAIN public.email_address IS 'Compared without regard to case';
COMMENT ON DOMAIN public.amount IS 'Amount in the currency named beside it; may be negative on credit notes';
COMMENT ON DOMAIN public.unit_cost IS 'Price of one page or one piece: six digits, since a page costs 0.0042';
COMMENT ON DOMAIN public.percentage IS '0 to 100, two digits';
COMMENT ON DOMAIN public.page_count IS 'Counter of a machine; never goes back unless the board was replaced';
COMMENT ON DOMAIN public.serial_number IS 'As on the type plate, capitals';
