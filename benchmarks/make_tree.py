"""Write a believable schema tree of N ``.sql`` files, for measuring the linter at size.

The tree has the shape of ``examples/printoptim``: a print-management SaaS with many tenants in one database and a
CQRS layout.  Every business entity is a bundle of files: its status type, a write table (``w_``) with composite
foreign keys, row-level security and comments, an event table with the trigger that fills it, two views (``v_``), a
stored read model (``r_``), the function that refreshes it and the commands that write.  Reference tables fill the
count up to exactly N.  The same N and seed give the same bytes; the result builds on PostgreSQL in path order.

    python benchmarks/make_tree.py 1256 /tmp/tree [--seed 7]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = "db/0_schema"
SETTING = "(SELECT current_setting('app.tenant_id', true)::uuid)"
SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"


def words(text: str) -> list[str]:
    """The words of a list that reads better as prose."""
    return text.split()


CONTEXTS = words("""
site building floor zone machine model driver firmware meter consumable toner paper spare contract
lease order delivery supplier invoice payment budget incident ticket technician visit survey user
team badge queue job quota policy alert forecast stock depot carrier return audit
""")
ASPECTS = words("""
profile assignment note request approval schedule line plan change review document rating transfer
rule snapshot batch export import label reminder target limit claim estimate allocation measure
contact template variant exception
""")
STATUSES = (
    ("draft", "active", "suspended", "closed"),
    ("requested", "approved", "rejected", "done"),
    ("open", "assigned", "waiting", "resolved", "cancelled"),
    ("planned", "confirmed", "running", "finished", "aborted"),
    ("pending", "sent", "acknowledged", "failed"),
)
LOOKUPS = words("""
paper_format toner_color cartridge_yield energy_class binding_type finish_option network_protocol
page_language mounting_kind warranty_level transport_mode waste_stream vat_regime payment_term
incident_cause delivery_window sector_code skill_level noise_class meter_kind lamp_type tray_kind
label_size stapler_kind
""")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a write table; ``check`` and ``refers`` complete it, ``default`` is SQL."""

    name: str
    type: str
    comment: str
    nullable: bool = True
    default: str = ""
    check: str = ""
    refers: str = ""


# name | type | default, empty where the column may be null | check | refers | comment
POOL_TABLE = """\
description        | text          |              |                                 |                   | Free description shown to the customer
quantity           | integer       | 1            | quantity > 0                    |                   | Number of units concerned
unit_price         | numeric(14,4) | 0            | unit_price >= 0                 |                   | Price of one unit, before tax
amount_net         | numeric(14,2) | 0            |                                 |                   | Amount before tax in the currency of the row
discount_rate      | numeric(5,4)  |              | discount_rate BETWEEN 0 AND 1   |                   | Discount as a share of one
vat_rate           | numeric(5,4)  |              | vat_rate BETWEEN 0 AND 1        |                   | VAT applied at the date of the row
valid_from         | date          | CURRENT_DATE |                                 |                   | First day of validity
valid_until        | date          |              |                                 |                   | Last day of validity; empty while open-ended
is_billable        | boolean       | true         |                                 |                   | Whether this is passed on to the invoice run
is_shared          | boolean       | false        |                                 |                   | Whether several teams use it
external_reference | text          |              |                                 |                   | Identifier in the customer's own ERP
serial_number      | text          |              |                                 |                   | Serial number as printed on the type plate
page_count_mono    | bigint        | 0            | page_count_mono >= 0            |                   | Black pages at the last reading
page_count_color   | bigint        | 0            | page_count_color >= 0           |                   | Colour pages at the last reading
toner_percent      | integer       |              | toner_percent BETWEEN 0 AND 100 |                   | Toner left, in percent
ip_address         | inet          |              |                                 |                   | Address seen by the collector
mac_address        | macaddr       |              |                                 |                   | Hardware address of the network card
attributes         | jsonb         | '{}'::jsonb  |                                 |                   | Vendor-specific attributes, not interpreted
tags               | text[]        | '{}'::text[] |                                 |                   | Labels set by the customer
due_at             | timestamptz   |              |                                 |                   | Moment at which the service level is missed
closed_at          | timestamptz   |              |                                 |                   | Moment the case was closed
last_seen_at       | timestamptz   |              |                                 |                   | Last sign of life from the collector
priority           | integer       | 3            | priority BETWEEN 1 AND 5        |                   | One is the most urgent, five the least
currency_code      | text          | 'EUR'        |                                 | c_currency (code) | Currency of all amounts of the row
country_code       | text          | 'FR'         |                                 | c_country (code)  | Country the row is taxed in
service_period     | daterange     |              |                                 |                   | Days during which the service is rendered
weight_kg          | numeric(8,3)  |              | weight_kg > 0                   |                   | Shipping weight
energy_kwh         | numeric(12,3) |              | energy_kwh >= 0                 |                   | Energy used over the period
contact_email      | text          |              | contact_email LIKE '%_@_%'      |                   | Person to warn
contact_phone      | text          |              |                                 |                   | Telephone of the person to warn
floor_label        | text          |              |                                 |                   | Floor as written on the plan of the building
latitude           | numeric(9,6)  |              | latitude BETWEEN -90 AND 90     |                   | Latitude, WGS 84
longitude          | numeric(9,6)  |              | longitude BETWEEN -180 AND 180  |                   | Longitude, WGS 84
firmware_version   | text          |              |                                 |                   | Version reported by the device
duty_cycle         | integer       |              | duty_cycle > 0                  |                   | Pages a month the device is made for
response_hours     | integer       | 8            | response_hours > 0              |                   | Hours promised until the first answer
cost_center        | text          |              |                                 |                   | Cost centre the charge is booked on
purchase_reference | text          |              |                                 |                   | Number of the customer's purchase order
"""


def pool() -> Iterator[Column]:
    """The columns of POOL_TABLE."""
    for line in POOL_TABLE.splitlines():
        name, type_name, default, check, refers, comment = (cell.strip() for cell in line.split(" | "))
        yield Column(name, type_name, comment, not default, default, check, refers)


POOL = tuple(pool())


@dataclass(frozen=True, slots=True)
class Entity:
    """One business entity and everything its files have to agree on."""

    name: str
    folder: str
    parents: tuple[str, ...]
    columns: tuple[Column, ...]
    statuses: tuple[str, ...]
    is_seeded: bool

    @property
    def title(self) -> str:
        """The name as a person writes it."""
        return self.name.replace("_", " ")

    @property
    def references(self) -> tuple[Column, ...]:
        """The columns that refer to reference tables."""
        return tuple(column for column in self.columns if column.refers)


TreeFile = tuple[str, str]


def paragraphs(*parts: str) -> str:
    """Join the non-empty parts of a file with one blank line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def column_line(column: Column) -> str:
    """One line of a table definition."""
    default = f" DEFAULT {column.default}" if column.default else ""
    return f"    {column.name} {column.type}{'' if column.nullable else ' NOT NULL'}{default}"


def isolation(table: str) -> str:
    """Row-level security of a tenant table, also for its owner."""
    return f"""
ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.{table} FORCE ROW LEVEL SECURITY;

CREATE POLICY {table}_tenant ON public.{table}
    USING (tenant_id = {SETTING})
    WITH CHECK (tenant_id = {SETTING});"""


def column_comments(table: str, comments: list[tuple[str, str]]) -> str:
    """A comment statement for each column."""
    return "\n".join(
        f"COMMENT ON COLUMN public.{table}.{name} IS '{text.replace(chr(39), chr(39) * 2)}';"
        for name, text in comments
    )


# --- files that every tree has ---------------------------------------------------------------------------------


def setup_files() -> Iterator[TreeFile]:
    """Roles, domains, reference tables and their seeds, the root of the tenancy."""
    yield f"{ROOT}/00_common/010_setup/001_schemas.sql", SCHEMAS
    yield f"{ROOT}/00_common/010_setup/002_roles.sql", ROLES
    yield f"{ROOT}/00_common/010_setup/003_domains.sql", DOMAINS
    for number, (name, pattern) in enumerate(
        (("currency", "^[A-Z]{3}$"), ("country", "^[A-Z]{2}$")), start=1
    ):
        yield f"{ROOT}/00_common/030_reference/{number:03}_c_{name}.sql", reference_table(name, pattern)
    yield f"{ROOT}/019_prep_seed/010_reference/001_currencies.sql", seed("c_currency", CURRENCIES)
    yield f"{ROOT}/019_prep_seed/010_reference/002_countries.sql", seed("c_country", COUNTRIES)
    yield f"{ROOT}/01_write_side/000_shared/001_fn_touch_updated_at.sql", TOUCH
    yield f"{ROOT}/01_write_side/000_shared/002_w_tenant.sql", TENANT


SCHEMAS = """\
-- Schemas of the application. Business objects live in public; prep_seed holds the
-- staging copies of the seeds until a tenant is created from them.

CREATE SCHEMA IF NOT EXISTS prep_seed;

COMMENT ON SCHEMA prep_seed IS 'Staging area of the seeds; read when a tenant is created, empty of tenant data';

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE CREATE ON SCHEMA prep_seed FROM PUBLIC;
"""

ROLES = """\
-- Application roles: cluster-wide, so they may exist already.
-- app_reader answers queries, app_writer runs commands. Neither logs in.

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'app_reader') THEN
        CREATE ROLE app_reader NOLOGIN;
    END IF;

    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'app_writer') THEN
        CREATE ROLE app_writer NOLOGIN;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO app_reader, app_writer;
GRANT USAGE ON SCHEMA prep_seed TO app_writer;
"""

DOMAINS = """\
-- Domains shared by all contexts.

CREATE DOMAIN public.short_code AS text
    CONSTRAINT ck_short_code_format CHECK (VALUE ~ '^[A-Z0-9][A-Z0-9._-]{0,39}$');

COMMENT ON DOMAIN public.short_code IS 'Code a person can type: capitals, digits, dot, dash, underscore';

CREATE DOMAIN public.label_text AS text
    CONSTRAINT ck_label_text_length CHECK (length(VALUE) BETWEEN 1 AND 200);

COMMENT ON DOMAIN public.label_text IS 'Label of one line, up to 200 characters';
"""

TOUCH = f"""\
-- Keeps updated_at honest whatever client writes the row.

CREATE FUNCTION public.fn_touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    {SEARCH_PATH}
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.fn_touch_updated_at() IS 'Sets updated_at on every update of a write table';
"""

TENANT = """\
-- One row per customer organisation. Root of the tenancy: every tenant table refers to it.

CREATE TABLE public.w_tenant (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    slug text NOT NULL,
    label public.label_text NOT NULL,
    country_code text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_w_tenant PRIMARY KEY (id),
    CONSTRAINT uq_w_tenant_slug UNIQUE (slug),
    CONSTRAINT fk_w_tenant_country_code FOREIGN KEY (country_code) REFERENCES public.c_country (code),
    CONSTRAINT ck_w_tenant_slug CHECK (slug ~ '^[a-z][a-z0-9-]{1,62}$')
);

COMMENT ON TABLE public.w_tenant IS 'Customer organisation, root of the tenancy';
COMMENT ON COLUMN public.w_tenant.id IS 'Value of app.tenant_id in a session of this tenant';
COMMENT ON COLUMN public.w_tenant.slug IS 'Sub-domain of the tenant';
COMMENT ON COLUMN public.w_tenant.label IS 'Name of the organisation';
COMMENT ON COLUMN public.w_tenant.country_code IS 'Country the contract is taxed in';
COMMENT ON COLUMN public.w_tenant.is_active IS 'False once the contract has ended';
COMMENT ON COLUMN public.w_tenant.created_at IS 'Moment of creation';
COMMENT ON COLUMN public.w_tenant.updated_at IS 'Moment of the last change';

CREATE INDEX ix_w_tenant_country_code ON public.w_tenant (country_code);

CREATE TRIGGER trg_w_tenant_touch
    BEFORE UPDATE ON public.w_tenant
    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();

GRANT SELECT ON public.w_tenant TO app_reader, app_writer;
"""

CURRENCIES = (
    ("EUR", "Euro"),
    ("CHF", "Swiss franc"),
    ("GBP", "Pound sterling"),
    ("USD", "US dollar"),
    ("CAD", "Canadian dollar"),
)
COUNTRIES = (
    ("FR", "France"),
    ("BE", "Belgium"),
    ("CH", "Switzerland"),
    ("DE", "Germany"),
    ("LU", "Luxembourg"),
    ("CA", "Canada"),
)


def reference_table(name: str, pattern: str) -> str:
    """A table of codes that all tenants share."""
    table = f"c_{name}"
    title = name.replace("_", " ")
    return f"""\
-- Reference data common to all tenants: {title}.

CREATE TABLE public.{table} (
    code text NOT NULL,
    label text NOT NULL,
    rank integer NOT NULL DEFAULT 100,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_{table} PRIMARY KEY (code),
    CONSTRAINT uq_{table}_label UNIQUE (label),
    CONSTRAINT ck_{table}_code CHECK (code ~ '{pattern}')
);

COMMENT ON TABLE public.{table} IS 'Reference list: {title}';
COMMENT ON COLUMN public.{table}.code IS 'Code used in files and interfaces';
COMMENT ON COLUMN public.{table}.label IS 'Label shown when no translation exists';
COMMENT ON COLUMN public.{table}.rank IS 'Place in drop-down lists, smallest first';
COMMENT ON COLUMN public.{table}.is_active IS 'False for codes that may no longer be chosen';
COMMENT ON COLUMN public.{table}.created_at IS 'Moment the code was added';

GRANT SELECT ON public.{table} TO app_reader, app_writer;
"""


def seed(table: str, rows: tuple[tuple[str, str], ...]) -> str:
    """An upsert of codes and labels."""
    values = ",\n".join(
        f"    ('{code}', '{label}', {10 * rank})" for rank, (code, label) in enumerate(rows, start=1)
    )
    return f"""\
-- Seed of {table}; safe to run again.

INSERT INTO public.{table} (code, label, rank)
VALUES
{values}
ON CONFLICT (code) DO UPDATE
    SET label = EXCLUDED.label,
        rank = EXCLUDED.rank;
"""


def lookup_file(number: int) -> TreeFile:
    """A reference table with its rows; these fill the tree up to the number of files asked for."""
    name = LOOKUPS[number % len(LOOKUPS)] + (
        f"_{number // len(LOOKUPS) + 1}" if number >= len(LOOKUPS) else ""
    )
    rows = tuple(
        (f"{name[0].upper()}{rank}", f"{name.replace('_', ' ').capitalize()} {rank}") for rank in range(1, 6)
    )
    text = reference_table(name, "^[A-Z][A-Z0-9]*$") + "\n" + seed(f"c_{name}", rows)
    return f"{ROOT}/00_common/040_lookup/{number:03}_c_{name}.sql", text


# --- the files of one entity -----------------------------------------------------------------------------------


def entity_files(entity: Entity) -> Iterator[TreeFile]:
    """The bundle of one entity, in an order in which it builds."""
    write, query, functions = (
        f"{ROOT}/{side}/{entity.folder}" for side in ("01_write_side", "02_query_side", "03_functions")
    )
    name = entity.name
    yield f"{ROOT}/00_common/020_types/{entity.folder}/001_{name}_status.sql", status_type(entity)
    yield f"{write}/010_w_{name}.sql", write_table(entity)
    yield f"{write}/020_w_{name}_event.sql", event_table(entity)
    yield f"{write}/030_fn_log_{name}.sql", event_trigger(entity)
    yield f"{query}/010_v_{name}.sql", list_view(entity)
    yield f"{query}/020_v_{name}_detail.sql", detail_view(entity)
    yield f"{query}/030_r_{name}.sql", read_model(entity)
    yield f"{functions}/010_fn_refresh_r_{name}.sql", refresh_function(entity)
    yield f"{functions}/020_fn_create_{name}.sql", create_command(entity)
    yield f"{functions}/030_fn_update_{name}.sql", update_command(entity)
    yield f"{functions}/040_fn_archive_{name}.sql", archive_command(entity)
    if entity.is_seeded:
        yield f"{ROOT}/019_prep_seed/{entity.folder}/010_prep_{name}.sql", staging_table(entity)
        yield f"{functions}/050_fn_seed_{name}.sql", seed_command(entity)


def status_type(entity: Entity) -> str:
    """The life cycle as an enum."""
    values = ",\n".join(f"    '{status}'" for status in entity.statuses)
    return f"""\
-- Life cycle of a {entity.title}. New values go at the end: the order is the order of the screens.

CREATE TYPE public.{entity.name}_status AS ENUM (
{values}
);

COMMENT ON TYPE public.{entity.name}_status IS 'Life cycle of a {entity.title}';
"""


def all_columns(entity: Entity) -> list[Column]:
    """The columns of the write table in the order of its definition."""
    parents = [
        Column(f"{parent}_id", "uuid", f"The {parent.replace('_', ' ')} it belongs to", nullable=place > 0)
        for place, parent in enumerate(entity.parents)
    ]
    return [
        Column("tenant_id", "uuid", "Tenant that owns the row", False),
        Column("id", "uuid", "Surrogate key, stable across exports", False, "gen_random_uuid()"),
        *parents,
        Column("code", "public.short_code", "Business key, unique within the tenant", False),
        Column("label", "public.label_text", "Label shown on screens and invoices", False),
        Column(
            "status",
            f"public.{entity.name}_status",
            "Place in the life cycle",
            False,
            f"'{entity.statuses[0]}'",
        ),
        *entity.columns,
        Column("created_at", "timestamptz", "Moment of creation", False, "now()"),
        Column("updated_at", "timestamptz", "Moment of the last change, kept by trigger", False, "now()"),
        Column("archived_at", "timestamptz", "Set instead of deleting the row"),
    ]


def write_constraints(entity: Entity) -> list[str]:
    """Keys, tenant-scoped foreign keys and checks."""
    table = f"w_{entity.name}"
    keys = [
        f"    CONSTRAINT pk_{table} PRIMARY KEY (tenant_id, id)",
        f"    CONSTRAINT uq_{table}_tenant_id_code UNIQUE (tenant_id, code)",
        f"    CONSTRAINT fk_{table}_tenant_id FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id)",
    ]
    keys += [
        f"    CONSTRAINT fk_{table}_{parent} FOREIGN KEY (tenant_id, {parent}_id)\n"
        f"        REFERENCES public.w_{parent} (tenant_id, id)"
        for parent in entity.parents
    ]
    keys += [
        f"    CONSTRAINT fk_{table}_{column.name} FOREIGN KEY ({column.name}) REFERENCES public.{column.refers}"
        for column in entity.references
    ]
    checks = [
        f"    CONSTRAINT ck_{table}_{column.name} CHECK ({column.check})"
        for column in entity.columns
        if column.check
    ]
    return keys + checks


def write_table(entity: Entity) -> str:
    """The table that commands write."""
    table = f"w_{entity.name}"
    columns = all_columns(entity)
    body = ",\n".join([column_line(column) for column in columns] + write_constraints(entity))
    return paragraphs(
        f"-- Write side of the {entity.title}. Commands are in 03_functions; nothing else writes here.",
        f"CREATE TABLE public.{table} (\n{body}\n);",
        f"COMMENT ON TABLE public.{table} IS 'Every {entity.title} of a tenant, archived ones included';\n"
        + column_comments(table, [(column.name, column.comment) for column in columns]),
        write_indexes(entity),
        isolation(table),
        f"CREATE TRIGGER trg_{table}_touch\n    BEFORE UPDATE ON public.{table}\n"
        "    FOR EACH ROW EXECUTE FUNCTION public.fn_touch_updated_at();",
        f"GRANT SELECT ON public.{table} TO app_reader;\nGRANT SELECT, INSERT, UPDATE ON public.{table} TO app_writer;",
    )


def write_indexes(entity: Entity) -> str:
    """Indexes for the foreign keys and for the current rows."""
    table = f"w_{entity.name}"
    indexes = [
        f"CREATE INDEX ix_{table}_{parent}_id ON public.{table} (tenant_id, {parent}_id);"
        for parent in entity.parents
    ]
    indexes += [
        f"CREATE INDEX ix_{table}_{column.name} ON public.{table} ({column.name});"
        for column in entity.references
    ]
    indexes.append(
        f"CREATE INDEX ix_{table}_status ON public.{table} (tenant_id, status)\n    WHERE archived_at IS NULL;"
    )
    return "\n".join(indexes)


def event_table(entity: Entity) -> str:
    """The append-only log of an entity."""
    table = f"w_{entity.name}_event"
    return paragraphs(
        f"""\
-- What happened to each {entity.title}; filled by trigger, never updated.

CREATE TABLE public.{table} (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    subject_id uuid NOT NULL,
    event_name text NOT NULL,
    old_status public.{entity.name}_status,
    new_status public.{entity.name}_status,
    changes jsonb NOT NULL DEFAULT '{{}}'::jsonb,
    actor text NOT NULL DEFAULT CURRENT_USER,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_{table} PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_{table}_tenant_id FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id),
    CONSTRAINT fk_{table}_subject_id FOREIGN KEY (tenant_id, subject_id)
        REFERENCES public.w_{entity.name} (tenant_id, id),
    CONSTRAINT ck_{table}_event_name CHECK (event_name IN ('created', 'changed', 'archived'))
);""",
        f"COMMENT ON TABLE public.{table} IS 'Events of the {entity.title}, oldest kept three years';\n"
        + column_comments(table, EVENT_COMMENTS),
        f"CREATE INDEX ix_{table}_subject_id_occurred_at\n    ON public.{table} (tenant_id, subject_id, occurred_at DESC);",
        isolation(table),
        f"GRANT SELECT ON public.{table} TO app_reader;\nGRANT SELECT, INSERT ON public.{table} TO app_writer;",
    )


EVENT_COMMENTS = [
    ("tenant_id", "Tenant that owns the row"),
    ("id", "Order of recording"),
    ("subject_id", "Row the event is about"),
    ("event_name", "created, changed or archived"),
    ("old_status", "Status before; empty on creation"),
    ("new_status", "Status after"),
    ("changes", "Columns that changed, with their new values"),
    ("actor", "Database role that made the change"),
    ("occurred_at", "Moment of the event"),
]


def event_trigger(entity: Entity) -> str:
    """The trigger function that fills the log."""
    name = entity.name
    return f"""\
-- Writes the event log of the {entity.title}.

CREATE FUNCTION public.fn_log_{name}() RETURNS trigger
    LANGUAGE plpgsql
    {SEARCH_PATH}
AS $$
DECLARE
    v_event text := 'changed';
    v_before public.{name}_status;
BEGIN
    IF TG_OP = 'INSERT' THEN
        v_event := 'created';
    ELSE
        v_before := OLD.status;
        IF OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL THEN
            v_event := 'archived';
        END IF;
    END IF;

    INSERT INTO public.w_{name}_event (tenant_id, subject_id, event_name, old_status, new_status, changes)
    VALUES (
        NEW.tenant_id,
        NEW.id,
        v_event,
        v_before,
        NEW.status,
        jsonb_build_object('code', NEW.code, 'label', NEW.label)
    );

    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.fn_log_{name}() IS 'Records each change of a {entity.title} in w_{name}_event';

CREATE TRIGGER trg_w_{name}_log
    AFTER INSERT OR UPDATE ON public.w_{name}
    FOR EACH ROW EXECUTE FUNCTION public.fn_log_{name}();
"""


def list_view(entity: Entity) -> str:
    """The view behind the read model."""
    view = f"v_{entity.name}"
    own = [column.name for column in all_columns(entity) if column.name != "archived_at"]
    lookups = [column.name.removesuffix("_code") for column in entity.references]
    selected = [f"    x.{name}" for name in own] + [f"    {name}.label AS {name}_label" for name in lookups]
    selected += [
        "    tenant.slug AS tenant_slug",
        "    row_number() OVER (PARTITION BY x.tenant_id, x.status ORDER BY x.created_at) AS place_in_status",
    ]
    joins = "".join(
        f"\n    JOIN public.c_{name} AS {name} ON {name}.code = x.{name}_code" for name in lookups
    )
    return paragraphs(
        f"-- Current {entity.title} rows with their reference labels; source of r_{entity.name}.",
        f"CREATE VIEW public.{view} WITH (security_invoker = true) AS\nSELECT\n"
        + ",\n".join(selected)
        + f"\nFROM public.w_{entity.name} AS x\n    JOIN public.w_tenant AS tenant ON tenant.id = x.tenant_id{joins}"
        + "\nWHERE x.archived_at IS NULL;",
        f"COMMENT ON VIEW public.{view} IS 'Current {entity.title} rows, one line each, with reference labels';",
        f"GRANT SELECT ON public.{view} TO app_reader, app_writer;",
    )


def detail_view(entity: Entity) -> str:
    """The view with parents and time line."""
    view = f"v_{entity.name}_detail"
    labels = [f"    {parent}.label AS {parent}_label" for parent in entity.parents]
    joins = "".join(
        f"\n    LEFT JOIN public.w_{parent} AS {parent}\n        ON {parent}.tenant_id = x.tenant_id AND {parent}.id = x.{parent}_id"
        for parent in entity.parents
    )
    selected = ["    x.tenant_id", "    x.id", "    x.code", "    x.label", "    x.status", *labels]
    selected += [
        "    history.event_count",
        "    history.last_event_at",
        "    coalesce(history.timeline, '[]'::jsonb) AS timeline",
    ]
    return paragraphs(
        f"-- One {entity.title} with its surroundings and history, for the detail screen.",
        f"CREATE VIEW public.{view} WITH (security_invoker = true) AS\nSELECT\n"
        + ",\n".join(selected)
        + f"\nFROM public.v_{entity.name} AS x{joins}\n"
        + HISTORY.format(name=entity.name),
        f"COMMENT ON VIEW public.{view} IS 'A {entity.title} with parents and time line';",
        f"GRANT SELECT ON public.{view} TO app_reader;",
    )


HISTORY = """\
    LEFT JOIN LATERAL (
        SELECT
            count(*) AS event_count,
            max(e.occurred_at) AS last_event_at,
            jsonb_agg(
                jsonb_build_object('event', e.event_name, 'status', e.new_status, 'at', e.occurred_at)
                ORDER BY e.occurred_at DESC
            ) AS timeline
        FROM public.w_{name}_event AS e
        WHERE e.tenant_id = x.tenant_id
            AND e.subject_id = x.id
    ) AS history ON true;"""


def read_model(entity: Entity) -> str:
    """The stored projection."""
    table = f"r_{entity.name}"
    return paragraphs(
        f"""\
-- Read model of the {entity.title}: what the API returns, ready to serialise.
-- Filled by fn_refresh_{table}; never written by hand.

CREATE TABLE public.{table} (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code public.short_code NOT NULL,
    label public.label_text NOT NULL,
    status public.{entity.name}_status NOT NULL,
    document jsonb NOT NULL,
    search_text text NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_{table} PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_{table}_tenant_id FOREIGN KEY (tenant_id) REFERENCES public.w_tenant (id) ON DELETE CASCADE
);""",
        f"COMMENT ON TABLE public.{table} IS 'Read model of the {entity.title}, from v_{entity.name}';\n"
        + column_comments(table, READ_COMMENTS),
        f"CREATE INDEX ix_{table}_status ON public.{table} (tenant_id, status);\n"
        f"CREATE INDEX ix_{table}_document ON public.{table} USING gin (document jsonb_path_ops);",
        isolation(table),
        f"GRANT SELECT ON public.{table} TO app_reader;\n"
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON public.{table} TO app_writer;",
    )


READ_COMMENTS = [
    ("tenant_id", "Tenant that owns the row"),
    ("id", "Key of the row on the write side"),
    ("code", "Business key"),
    ("label", "Label shown in lists"),
    ("status", "Place in the life cycle"),
    ("document", "Everything the detail page shows"),
    ("search_text", "Lower-case text the search box looks into"),
    ("refreshed_at", "Moment the row was projected"),
]


def refresh_function(entity: Entity) -> str:
    """The function that fills the stored projection."""
    table = f"r_{entity.name}"
    pairs = [f"            '{column.name}', v.{column.name}" for column in all_columns(entity)[1:-1]]
    return paragraphs(
        f"-- Projects v_{entity.name} into {table}, for one row or for a whole tenant.",
        f"""\
CREATE FUNCTION public.fn_refresh_{table}(p_tenant_id uuid, p_id uuid DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql
    {SEARCH_PATH}
AS $$
DECLARE
    v_rows bigint;
BEGIN
    DELETE FROM public.{table} AS r
    WHERE r.tenant_id = p_tenant_id
        AND (p_id IS NULL OR r.id = p_id);

    INSERT INTO public.{table} (tenant_id, id, code, label, status, document, search_text, refreshed_at)
    SELECT
        v.tenant_id,
        v.id,
        v.code,
        v.label,
        v.status,
        jsonb_build_object(
"""
        + ",\n".join(pairs)
        + f"""
        ),
        lower(concat_ws(' ', v.code, v.label)),
        now()
    FROM public.v_{entity.name} AS v
    WHERE v.tenant_id = p_tenant_id
        AND (p_id IS NULL OR v.id = p_id);

    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END
$$;""",
        f"COMMENT ON FUNCTION public.fn_refresh_{table}(uuid, uuid) IS 'Rebuilds {table} from v_{entity.name}; "
        "returns the rows written';",
        permissions(f"public.fn_refresh_{table}(uuid, uuid)"),
    )


def permissions(signature: str) -> str:
    """Take a function from everyone, give it to the writer."""
    return f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION {signature} TO app_writer;"


def command(signature: tuple[str, list[tuple[str, str]], str], title: str, comment: str, body: str) -> str:
    """A command function: name, parameters and result, its heading, its comment and its PL/pgSQL block."""
    name, parameters, result = signature
    listed = ",\n".join(f"    p_{parameter} {type_name}" for parameter, type_name in parameters)
    types = f"public.{name}({', '.join(type_name for _, type_name in parameters)})"
    return paragraphs(
        f"-- Command: {title}.",
        f"CREATE FUNCTION public.{name}(\n{listed}\n) RETURNS {result}\n    LANGUAGE plpgsql\n    {SEARCH_PATH}\n"
        f"AS $$\n{body.strip(chr(10))}\n$$;",
        f"COMMENT ON FUNCTION {types} IS '{comment}';",
        permissions(types),
    )


def parent_guard(parent: str) -> str:
    """The check of a command that a parent exists in the same tenant."""
    return f"""\
    IF p_{parent}_id IS NOT NULL AND NOT EXISTS (
        SELECT 1
        FROM public.w_{parent} AS p
        WHERE p.tenant_id = p_tenant_id
            AND p.id = p_{parent}_id
            AND p.archived_at IS NULL
    ) THEN
        RAISE EXCEPTION '{parent.replace("_", " ")} % is unknown or archived', p_{parent}_id
            USING ERRCODE = 'foreign_key_violation';
    END IF;
"""


def create_command(entity: Entity) -> str:
    """The command that inserts."""
    name = entity.name
    inserted = [(f"{parent}_id", "uuid") for parent in entity.parents]
    inserted += [
        ("code", "text"),
        ("label", "text"),
        *((c.name, c.type) for c in entity.columns if not c.nullable),
    ]
    parameters = [("tenant_id", "uuid"), *inserted]
    body = f"""
DECLARE
    v_id uuid := gen_random_uuid();
BEGIN
    IF coalesce(btrim(p_label), '') = '' THEN
        RAISE EXCEPTION 'a {entity.title} needs a label' USING ERRCODE = 'check_violation';
    END IF;

    IF EXISTS (SELECT 1 FROM public.w_{name} AS x WHERE x.tenant_id = p_tenant_id AND x.code = upper(p_code)) THEN
        RAISE EXCEPTION '{entity.title} % exists already', p_code USING ERRCODE = 'unique_violation';
    END IF;

{"".join(parent_guard(parent) + chr(10) for parent in entity.parents)}\
    INSERT INTO public.w_{name} (
        tenant_id,
        id,
        {("," + chr(10) + "        ").join(column for column, _ in inserted)}
    )
    VALUES (
        p_tenant_id,
        v_id,
        {("," + chr(10) + "        ").join("upper(p_code)" if column == "code" else f"p_{column}" for column, _ in inserted)}
    );

    PERFORM public.fn_refresh_r_{name}(p_tenant_id, v_id);

    RETURN v_id;
END"""
    heading = f"create a {entity.title}"
    return command(
        (f"fn_create_{name}", parameters, "uuid"), heading, f"Creates a {entity.title}; returns its id", body
    )


def update_command(entity: Entity) -> str:
    """The command that updates."""
    name = entity.name
    last = entity.statuses[-1]
    body = f"""
DECLARE
    v_changed bigint;
BEGIN
    UPDATE public.w_{name} AS x
    SET label = coalesce(p_label, x.label),
        status = coalesce(p_status, x.status)
    WHERE x.tenant_id = p_tenant_id
        AND x.id = p_id
        AND x.archived_at IS NULL
        AND x.status <> '{last}';

    GET DIAGNOSTICS v_changed = ROW_COUNT;
    IF v_changed = 0 THEN
        RAISE EXCEPTION '{entity.title} % is unknown, archived or {last}', p_id USING ERRCODE = 'no_data_found';
    END IF;

    PERFORM public.fn_refresh_r_{name}(p_tenant_id, p_id);
END"""
    parameters = [
        ("tenant_id", "uuid"),
        ("id", "uuid"),
        ("label", "text"),
        ("status", f"public.{name}_status"),
    ]
    comment = f"Changes label or status of a {entity.title}; null leaves as is"
    return command((f"fn_update_{name}", parameters, "void"), f"change a {entity.title}", comment, body)


def archive_command(entity: Entity) -> str:
    """The command that archives."""
    name = entity.name
    body = f"""
BEGIN
    UPDATE public.w_{name} AS x
    SET archived_at = now()
    WHERE x.tenant_id = p_tenant_id
        AND x.id = p_id
        AND x.archived_at IS NULL;

    IF NOT FOUND THEN
        RAISE NOTICE '{entity.title} % was archived before', p_id;
        RETURN false;
    END IF;

    PERFORM public.fn_refresh_r_{name}(p_tenant_id, p_id);

    RETURN true;
END"""
    comment = f"Archives a {entity.title}; false when it was archived before"
    heading = f"archive a {entity.title}"
    return command(
        (f"fn_archive_{name}", [("tenant_id", "uuid"), ("id", "uuid")], "boolean"), heading, comment, body
    )


def staging_table(entity: Entity) -> str:
    """The starter rows of a new tenant."""
    table = f"prep_{entity.name}"
    rows = ",\n".join(
        f"    ('{status.upper()}-{rank}', '{entity.title.capitalize()}, {status}', '{status}')"
        for rank, status in enumerate(entity.statuses, start=1)
    )
    return f"""\
-- Starter rows a new tenant receives for the {entity.title}; copied by fn_seed_{entity.name}.

CREATE TABLE prep_seed.{table} (
    code text NOT NULL,
    label text NOT NULL,
    status public.{entity.name}_status NOT NULL,
    CONSTRAINT pk_{table} PRIMARY KEY (code)
);

COMMENT ON TABLE prep_seed.{table} IS 'Starter rows: {entity.title}';
COMMENT ON COLUMN prep_seed.{table}.code IS 'Code the row gets in the new tenant';
COMMENT ON COLUMN prep_seed.{table}.label IS 'Label the row gets in the new tenant';
COMMENT ON COLUMN prep_seed.{table}.status IS 'Status the row starts with';

GRANT SELECT ON prep_seed.{table} TO app_writer;

INSERT INTO prep_seed.{table} (code, label, status)
VALUES
{rows}
ON CONFLICT (code) DO NOTHING;
"""


def seed_command(entity: Entity) -> str:
    """The command that copies the starter rows."""
    name = entity.name
    required = entity.parents[:1]
    extra = "".join(f", {parent}_id" for parent in required)
    values = "".join(f", p_{parent}_id" for parent in required)
    body = f"""
DECLARE
    v_rows bigint;
BEGIN
    INSERT INTO public.w_{name} (tenant_id{extra}, code, label, status)
    SELECT p_tenant_id{values}, s.code, s.label, s.status
    FROM prep_seed.prep_{name} AS s
    ON CONFLICT (tenant_id, code) DO NOTHING;

    GET DIAGNOSTICS v_rows = ROW_COUNT;

    PERFORM public.fn_refresh_r_{name}(p_tenant_id);

    RETURN v_rows;
END"""
    parameters = [("tenant_id", "uuid"), *((f"{parent}_id", "uuid") for parent in required)]
    comment = f"Copies the starter rows of the {entity.title}; returns how many were new"
    return command(
        (f"fn_seed_{name}", parameters, "bigint"), f"give a new tenant its {entity.title} rows", comment, body
    )


# --- the whole tree --------------------------------------------------------------------------------------------


def entities(rng: random.Random) -> Iterator[Entity]:
    """Entities without end, in path order, so that parents always come before their children."""
    known: list[str] = []
    for number in range(1_000_000):
        cycle, place = divmod(number, len(CONTEXTS) * len(ASPECTS))
        context, aspect = divmod(place, len(ASPECTS))
        suffix = f"_{cycle + 1}" if cycle else ""
        name = f"{CONTEXTS[context]}_{ASPECTS[aspect]}{suffix}"
        folder = (
            f"{cycle * len(CONTEXTS) + context + 1:03}_{CONTEXTS[context]}/{aspect + 1:03}_{ASPECTS[aspect]}"
        )
        parents = tuple(rng.sample(known[-60:], rng.choice((0, 1, 1, 2)) if len(known) > 2 else 0))
        columns = tuple(rng.sample(POOL, rng.randint(2, 8)))
        yield Entity(name, folder, parents, columns, rng.choice(STATUSES), rng.random() < 0.2)
        known.append(name)


def tree(count: int, seed_value: int) -> tuple[list[TreeFile], list[str]]:
    """The files of a tree with ``count`` of them, and the names of the entities it holds."""
    files = list(setup_files())
    names: list[str] = []
    for entity in entities(random.Random(seed_value)):
        bundle = list(entity_files(entity))
        if len(files) + len(bundle) > count:
            break
        files += bundle
        names.append(entity.name)
    files += [lookup_file(number) for number in range(count - len(files))]
    return files, names


def configuration(names: list[str]) -> str:
    """The confiture.yaml of the tree."""
    models = "".join(f"      r_{name}: [w_{name}]\n" for name in names)
    return CONFIGURATION + (f"    read_models:\n{models}" if models else "") + CONFIGURATION_END


CONFIGURATION = """\
version: 1
postgres: 16

schema:
  roots: [db/0_schema]
  order: path
  search_path: [public]

layers:
  - name: common
    paths: ["db/0_schema/00_common/**"]
    names: {table: "^c_"}
  - name: seed
    paths: ["db/0_schema/019_prep_seed/**"]
    names: {table: "^prep_"}
    reads: [common, seed]
    writes: [common, seed]
  - name: write
    paths: ["db/0_schema/01_write_side/**"]
    names: {table: "^w_", function: "^fn_"}
    reads: [common, write]
    writes: [write]
  - name: functions
    paths: ["db/0_schema/03_functions/**"]
    names: {function: "^fn_"}
    reads: [common, seed, write, read, functions]
    writes: [write, read]
  - name: read
    paths: ["db/0_schema/02_query_side/**"]
    names: {table: "^r_", view: "^v_", materialized_view: "^mv_"}
    reads: [common, write, read]
    writes: [read]
"""

CONFIGURATION_END = """
tenancy:
  column: tenant_id
  type: uuid
  root: w_tenant
  tables: ["*"]
  exempt: ["c_*", "prep_*", "w_tenant"]
  setting: app.tenant_id

lint:
  preset: all
  ignore: [on-delete-cascade, foreign-key-nullable, string-body-hides-dependency, domain-with-constraint, primary-key-type,
           require-deferrable-foreign-key, require-explicit-on-delete]
"""


def write_tree(count: int, directory: Path, seed_value: int) -> None:
    """Write the tree and its configuration."""
    files, names = tree(count, seed_value)
    made: set[Path] = set()
    for relative, text in files:
        path = directory / relative
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(text.encode())
    (directory / "confiture.yaml").write_bytes(configuration(names).encode())


def main() -> None:
    """Read the command line and write the tree."""
    parser = argparse.ArgumentParser(description="Write a believable schema tree of N .sql files.")
    parser.add_argument("count", type=int, metavar="N", help="how many .sql files, at least 9")
    parser.add_argument("directory", type=Path, metavar="DIR", help="where to write them; created if need be")
    parser.add_argument("--seed", type=int, default=7, help="another seed, another tree (default: 7)")
    arguments = parser.parse_args()
    if arguments.count < (least := len(list(setup_files()))):
        parser.error(f"N must be at least {least}")
    write_tree(arguments.count, arguments.directory, arguments.seed)


if __name__ == "__main__":
    main()
