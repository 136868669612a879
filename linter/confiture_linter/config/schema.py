"""Every key of `confiture.yaml`: its type, what it may say, and one sentence about it.

The only such description. Checking (`reader`), the JSON Schema and `config show` (`describe`) and the reference
page are all read from `CONFIG`. Defaults are those of the values in `settings`.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from confiture_linter.config import settings
from confiture_linter.model import Severity


class Check(NamedTuple):
    """What a text must look like."""

    pattern: str
    """Python and ECMA regular expression for the whole text."""
    expected: str
    hint: str


REGEX = "regex"
"""The check that a text is a regular expression, which no pattern can say."""

CHECKS: Mapping[str, Check] = {
    "rule": Check(
        r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "a name in kebab-case",
        "lower-case words joined by hyphens, such as money-columns-are-numeric",
    ),
    "module": Check(
        r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*",
        "the dotted name of a module",
        "such as our_rules.naming",
    ),
    "duration": Check(
        r"0|[0-9]+(\.[0-9]+)? *(us|ms|s|min|h|d)",
        "a duration as PostgreSQL writes it",
        "a number and a unit (us, ms, s, min, h, d), such as 2s; 0 switches it off",
    ),
    "hours": Check(
        r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)( [A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*)?",
        "hours of the day",
        'such as "08:00-19:00 Europe/Paris"',
    ),
    "url": Check(
        r"(\$\{[A-Za-z_][A-Za-z0-9_]*\}|postgres(ql)?://|[a-z_]+ *=)([^$]|\$\{[A-Za-z_][A-Za-z0-9_]*\})*",
        "a reference to an environment variable or a PostgreSQL URL",
        "write ${DATABASE_URL} and set that variable",
    ),
    "external": Check(
        r"extension:[^:]+|[^:]+",
        "an object glob or extension:NAME",
        'such as "crm.*" or "extension:postgis"',
    ),
}


class Text(NamedTuple):
    """Text that is not empty; `as_written` takes unquoted numbers and words such as `no` as text, too."""

    check: str = ""
    as_written: bool = False
    or_empty: bool = False


class Integer(NamedTuple):
    """A whole number."""

    low: int
    high: int


class Boolean(NamedTuple):
    """`true` or `false`."""

    hint: str = ""


class Choice(NamedTuple):
    """One of a few words, or one of a few prefixes and a file."""

    values: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    into: Callable[[str], object] = str


class ListOf(NamedTuple):
    """A list; becomes a tuple."""

    item: "Type"
    or_one: bool = False
    """Whether a single item may stand without brackets."""


class MapOf(NamedTuple):
    """A mapping with keys the user chooses."""

    key: "Text | Choice"
    value: "Type"
    into: str = "dict"
    """`dict`; `pairs`: a tuple of key and value; `records`: a tuple of values whose first field is the key."""


class Free(NamedTuple):
    """Any plain value; whoever it is for checks it."""

    mapping: bool = True


class Record(NamedTuple):
    """A mapping with the keys given here."""

    keys: "tuple[Key, ...]"
    build: Callable[..., Any] | None = None
    """The value it becomes, a NamedTuple; None: a dict."""
    defaults: Mapping[str, object] = {}
    """Defaults, where `build` has none to say."""
    placed: bool = False
    """Whether the value keeps its line and column."""
    hint: str = ""
    """What to write for those who did not write a mapping."""


Type: TypeAlias = Text | Integer | Boolean | Choice | ListOf | MapOf | Free | Record


class Key(NamedTuple):
    """One key of a record."""

    name: str
    type: Type
    doc: str


MISSING: Any = object()
"""The default of a key that must be given."""


def default_of(record: Record, name: str) -> Any:
    """Return the default of a key, or `MISSING`."""
    defaults: Mapping[str, object] = getattr(record.build, "_field_defaults", record.defaults)
    return defaults.get(name, MISSING)


_TEXT = Text()
_NAME = Text()
_PATH = Text()
_GLOBS = ListOf(Text())
_PATHS = ListOf(_PATH)
_NAMES = ListOf(_NAME)
_RULES = ListOf(Text())
_SEVERITY = Choice(tuple(each.value for each in Severity), into=Severity)

_SCHEMA = Record(
    (
        Key("roots", _PATHS, "Folders or files of the declarative schema tree."),
        Key("exclude", _GLOBS, "Path globs of files that do not belong to the tree."),
        Key(
            "order",
            Choice(("path", "natural", "computed", "globs"), ("list:", "sqitch:", "psql:")),
            "Build order: by path, by path with numbers as numbers, computed from the dependencies, `load_order`, "
            "or as a load list, a sqitch.plan or a psql driver file says.",
        ),
        Key(
            "load_order",
            _GLOBS,
            "With `order: globs`: path globs, the first match wins; the rest goes by path.",
        ),
        Key("search_path", _NAMES, "Schemas in which unqualified names are looked up."),
        Key(
            "placeholders",
            MapOf(Text(), Text(as_written=True, or_empty=True), "pairs"),
            "Template variables in the SQL, and the text that replaces each.",
        ),
        Key(
            "external",
            ListOf(Text("external")),
            "Objects that live elsewhere: object globs, `extension:NAME`.",
        ),
    ),
    settings.SchemaConfig,
)

_MIGRATIONS = Record(
    (
        Key("roots", _PATHS, "Folders or files of the change scripts."),
        Key(
            "order",
            Choice(("natural", "path", "diesel", "flyway", "prisma"), ("list:", "sqitch:")),
            "How the scripts follow one another, and what their versions are.",
        ),
        Key(
            "transaction",
            Choice(("file", "statement", "none")),
            "What the runner wraps in a transaction: a whole file, each statement, or nothing.",
        ),
        Key(
            "since",
            Text(as_written=True),
            "Judge only what came after this version or `git:REF`; null: everything not in the ledger or snapshot.",
        ),
        Key("snapshot", _PATH, "Catalog and table sizes, written by `confiture-migrate snapshot`."),
    ),
    settings.MigrationsConfig,
)

_LAYER = Record(
    (
        Key("name", _NAME, "Name of the layer."),
        Key("paths", _GLOBS, "Path globs of the files whose objects belong to it."),
        Key(
            "names",
            MapOf(Choice(settings.KINDS), Text(REGEX)),
            "Kind of object, and the regular expression its names must match.",
        ),
        Key("reads", _NAMES, "Layers its objects may depend on; not said: any."),
        Key("writes", _NAMES, "Layers its functions and triggers may change rows of; not said: any."),
        Key(
            "read_models",
            MapOf(_NAME, _NAMES),
            "Stored projections and the tables they are made from; others are discovered.",
        ),
    ),
    settings.Layer,
    placed=True,
    hint="write `- name: read` and its other keys",
)

_TENANCY = Record(
    (
        Key("column", _NAME, "Column that tells whose row it is."),
        Key("type", _NAME, "Type of that column."),
        Key("root", _NAME, "Table that has one row a tenant."),
        Key("tables", _GLOBS, "Object globs of the tables that must carry the column."),
        Key("exempt", _GLOBS, "Object globs of the tables that need not."),
        Key("setting", _NAME, "Run-time setting that policies read."),
    ),
    settings.Tenancy,
)

_RULE = Record(
    (
        Key("severity", _SEVERITY, "Severity of its findings; not said: the rule's own."),
        Key("exempt", _GLOBS, "Object globs it does not look at."),
        Key("options", Free(), "Options of the rule; `confiture-lint explain RULE` lists them."),
    ),
    settings.RuleConfig,
    placed=True,
    hint="write {severity: error}; to switch a rule off, name it in lint.ignore",
)

_PER_PATH = Record(
    (
        Key("ignore", _RULES, "Rule or family names that are off for these files."),
        Key("severity", MapOf(Text(), _SEVERITY), "Rule or family name, and its severity for these files."),
    ),
    settings.PathConfig,
    placed=True,
    hint="write {ignore: [RULE]} or {severity: {RULE: info}}",
)

_MATCH = Record(
    (
        Key("name", Text(REGEX), "Regular expression that is found in the name."),
        Key("schema", _TEXT, "Glob of the schema."),
    ),
    settings.Match,
    hint="write {name: REGEX} or {schema: GLOB}",
)

_REQUIRE = Record(
    (
        Key("name", Text(REGEX), "Regular expression that the name must match."),
        Key("prefix", _TEXT, "What the name must begin with."),
        Key("type", _TEXT, "Glob that the type must match."),
        Key("column", _NAME, "Column that must be there."),
        Key("comment", Boolean(), "Whether it must have a comment."),
        Key("not_null", Boolean(), "Whether it must be NOT NULL."),
    ),
    settings.Require,
    hint="write what is required, such as {comment: true}",
)

_FORBID = Record(
    (
        Key("name", Text(REGEX), "Regular expression that the name must not match."),
        Key("type", _TEXT, "Glob that the type must not match."),
        Key("depends_on", ListOf(Text(), or_one=True), "Layers or object globs it must not depend on."),
    ),
    settings.Forbid,
    hint="write what is forbidden, such as {depends_on: read}",
)

_CUSTOM = Record(
    (
        Key("name", Text("rule"), "Name of the rule, in kebab-case."),
        Key("kind", Choice(settings.CUSTOM_KINDS), "Kind of object it looks at."),
        Key("paths", _GLOBS, "Path globs of the files it looks at; none: all."),
        Key("match", _MATCH, "Which objects it looks at; empty: all of the kind."),
        Key("require", _REQUIRE, "What each of them must have."),
        Key("forbid", _FORBID, "What none of them may have."),
        Key("severity", _SEVERITY, "Severity of its findings."),
        Key("message", _TEXT, "What a finding says; not said: what is required or forbidden."),
    ),
    settings.CustomRule,
    placed=True,
    hint="write `- name: RULE` and its other keys",
)

_LINT = Record(
    (
        Key(
            "preset",
            Choice(("default", "strict", "cqrs", "multi-tenant", "supabase", "all")),
            "Set of rules to begin with.",
        ),
        Key("fail_on", _SEVERITY, "Least severity that makes `check` fail."),
        Key("select", _RULES, "Rule or family names on top of the preset."),
        Key("ignore", _RULES, "Rule or family names that are off."),
        Key("rules", MapOf(Text(), _RULE), "Rule name, and what is different for it."),
        Key("per_path", MapOf(Text(), _PER_PATH, "records"), "Path glob, and what is different there."),
        Key("custom", ListOf(_CUSTOM), "Rules written here, without Python."),
        Key(
            "plugins",
            ListOf(Text("module")),
            "Modules with rules; entry points `confiture.rules` load by themselves.",
        ),
        Key("baseline", _PATH, "Known findings that do not count, written by `baseline update`."),
    ),
    settings.LintConfig,
)

_HOOK = Record(
    (
        Key("type", _NAME, "Name of the hook; `confiture-migrate hooks` lists them."),
        Key("description", Text(or_empty=True), "What it is for."),
        Key("timeout", Integer(1, 7 * 24 * 3600), "Seconds it may take."),
        Key("retries", Integer(0, 100), "How often it is tried again."),
        Key("config", Free(), "Settings of the hook."),
    ),
    settings.HookConfig,
    placed=True,
    hint="write {type: HOOK}",
)

_HOOKS = Record(
    tuple(
        Key(phase, ListOf(_HOOK), f"Hooks that run {when}.")
        for phase, when in zip(
            settings.PHASES,
            (
                "before the state of the database is validated",
                "before the migration's statements",
                "after the migration's statements",
                "after the result is validated",
                "at the end",
                "after the roll-back of a migration that failed",
            ),
            strict=True,
        )
    ),
    defaults=dict.fromkeys(settings.PHASES, ()),
)

_RISK = Record(
    tuple(Key(axis, Choice(settings.LEVELS), f"Highest risk accepted: {axis}.") for axis in settings.AXES),
    defaults=settings.DEFAULT_RISK,
    hint="write {locking: medium}",
)

_ENVIRONMENT = Record(
    (
        Key("database_url", Text("url"), "Where the database is: `${VARIABLE}`, never a password."),
        Key("lock_timeout", Text("duration", as_written=True), "How long a statement waits for a lock."),
        Key("statement_timeout", Text("duration", as_written=True), "How long a statement may take."),
        Key("risk", _RISK, "Highest risk accepted without a waiver, on each axis."),
        Key(
            "peak_hours",
            Text("hours"),
            "Hours in which nothing risky is to happen: a span and a time zone (UTC without one).",
        ),
    ),
    settings.Environment,
    hint="write {database_url: ${VARIABLE}} in a block",
)

CONFIG = Record(
    (
        Key("version", Integer(settings.VERSION, settings.VERSION), "Version of this format."),
        Key(
            "postgres",
            Integer(settings.OLDEST_POSTGRES, settings.NEWEST_POSTGRES),
            "Major version of the PostgreSQL that the SQL is for.",
        ),
        Key("schema", _SCHEMA, "The declarative schema tree."),
        Key("migrations", _MIGRATIONS, "The change scripts."),
        Key(
            "layers",
            ListOf(_LAYER),
            "Layers, CQRS or any other; an object belongs to the first one that matches.",
        ),
        Key("tenancy", _TENANCY, "Rows of many tenants in one database; null: there are none."),
        Key("lint", _LINT, "Which rules run and how severe they are."),
        Key("hooks", _HOOKS, "Hooks for every migration; a migration's own file adds to them."),
        Key("environments", MapOf(_NAME, _ENVIRONMENT), "Databases that migrations are applied to, by name."),
        Key(
            "anonymization",
            Record(
                (Key("profiles", _PATH, "Folder of the profiles."),),
                settings.AnonymizationConfig,
            ),
            "Copies without personal data.",
        ),
        Key(
            "pggit",
            Record(
                (
                    Key("enabled", Choice(("auto", "true", "false")), "Whether pgGit is told of migrations."),
                    Key("queue", _PATH, "Where events wait that it could not be told."),
                ),
                settings.PggitConfig,
            ),
            "The optional pgGit adapter.",
        ),
    ),
    settings.Config,
)

REMOVED: Mapping[str, str] = {
    "name": "the name of a database or project is not needed; remove it",
    "environment": "name it under `environments:`",
    "database_url": "move it to environments.NAME.database_url, as ${DATABASE_URL}",
    "include_dirs": "write schema.roots",
    "exclude_dirs": "write schema.exclude, as path globs",
    "schema_dirs": "write schema.roots",
    "schema_dir": "write schema.roots",
    "migrations_dir": "write migrations.roots",
    "migration": "write `migrations:`",
    "migration_table": "the ledger is always confiture.ledger; remove it",
    "tracking_table": "the ledger is always confiture.ledger; remove it",
    "migration_generators": "there are none any more; remove it",
    "auto_backup": "add the hook {type: backup_database} to hooks.before_ddl",
    "require_confirmation": "the wizard asks; remove it",
    "linting": "write `lint:`",
    "rules": "write lint.rules",
    "build": "write schema.order and schema.exclude",
    "locking": "write environments.NAME.lock_timeout",
    "tenant_column": "write tenancy.column",
    "multi_tenant": "write `tenancy:`",
    "anonymize": "write `anonymization:`",
    "profiles": "write anonymization.profiles",
}
"""Top-level keys of earlier tools of this name, and what to write instead."""
