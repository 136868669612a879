"""What the examples of this family share."""

CONFIG = "anonymization: {profiles: profiles}\n"
TABLE = "CREATE TABLE w_account (id bigint PRIMARY KEY, tenant_id uuid NOT NULL, email text NOT NULL);\n"
