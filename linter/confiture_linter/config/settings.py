"""The configuration as one frozen value: what the other rooms see of `confiture.yaml`.

Defaults stand here and nowhere else. Everything is a tuple, a plain dict or a scalar, so that a configuration
can be pickled into a cache. Dicts are typed as `Mapping`: nobody writes to them.
"""

from collections.abc import Mapping
from typing import NamedTuple

from confiture_linter.config.urls import mask_password
from confiture_linter.model import Problem, Severity

NAMES = ("confiture.yaml", "confiture.yml")
"""File names of a configuration, the preferred one first."""

VERSION = 1
OLDEST_POSTGRES = 13
NEWEST_POSTGRES = 18

KINDS = (
    "table",
    "view",
    "materialized_view",
    "column",
    "function",
    "index",
    "constraint",
    "type",
    "trigger",
    "policy",
)
"""Kinds of objects that names can be demanded of."""

CUSTOM_KINDS = (*KINDS, "file")
"""What a custom rule can be about."""

PHASES = ("before_validation", "before_ddl", "after_ddl", "after_validation", "cleanup", "on_error")
"""The phases of a migration in which hooks run, in this order."""

AXES = ("locking", "data_loss", "performance", "compatibility")
"""The axes of risk; `high` is bad on each."""

LEVELS = ("none", "low", "medium", "high")
"""Levels of risk, the harmless one first."""

DEFAULT_RISK: Mapping[str, str] = {
    "locking": "medium",
    "data_loss": "none",
    "performance": "medium",
    "compatibility": "medium",
}
"""The highest risk accepted without a waiver where an environment does not say."""


class SchemaConfig(NamedTuple):
    """The declarative schema tree."""

    roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Path globs."""
    order: str = "path"
    """`path`, `natural`, `computed`, `globs`, or `list:FILE`, `sqitch:FILE`, `psql:FILE`."""
    load_order: tuple[str, ...] = ()
    """Path globs."""
    search_path: tuple[str, ...] = ("public",)
    placeholders: tuple[tuple[str, str], ...] = ()
    """Placeholder and replacement, in the order of the file."""
    external: tuple[str, ...] = ()
    """Object globs, or `extension:NAME`."""


class MigrationsConfig(NamedTuple):
    """The ordered change scripts."""

    roots: tuple[str, ...] = ()
    order: str = "natural"
    """`natural`, `path`, `diesel`, `flyway`, `prisma`, or `list:FILE`, `sqitch:FILE`."""
    transaction: str = "file"
    """What the runner wraps: `file`, `statement` or `none`."""
    since: str | None = None
    """A version as it was written, or `git:REF`."""
    snapshot: str | None = None


class Layer(NamedTuple):
    """One layer; an object belongs to the first that matches."""

    name: str
    paths: tuple[str, ...] = ()
    """Path globs."""
    names: Mapping[str, str] = {}
    """Kind of object to regular expression."""
    reads: tuple[str, ...] | None = None
    """Names of layers; None: not said, so anything goes."""
    writes: tuple[str, ...] | None = None
    """Names of layers; None: not said, so anything goes."""
    read_models: Mapping[str, tuple[str, ...]] = {}
    """Stored projection to its sources."""
    line: int = 0
    column: int = 0


class Tenancy(NamedTuple):
    """How rows of many tenants live in one database."""

    column: str = "tenant_id"
    type: str = "uuid"
    root: str | None = None
    """The table that has one row a tenant."""
    tables: tuple[str, ...] = ("*",)
    """Object globs."""
    exempt: tuple[str, ...] = ()
    """Object globs."""
    setting: str | None = None
    """The run-time setting that policies read."""


class RuleConfig(NamedTuple):
    """What the configuration says about one rule."""

    severity: Severity | None = None
    exempt: tuple[str, ...] = ()
    """Object globs."""
    options: Mapping[str, object] = {}
    """Plain values: text, numbers, booleans, None, tuples and dicts of these. The rule checks them."""
    line: int = 0
    column: int = 0


class PathConfig(NamedTuple):
    """What is different for the files that match one glob."""

    glob: str
    ignore: tuple[str, ...] = ()
    """Rule or family names."""
    severity: Mapping[str, Severity] = {}
    """Rule or family name to severity."""
    line: int = 0
    column: int = 0


class Match(NamedTuple):
    """Which objects a custom rule looks at; empty: all of its kind."""

    name: str | None = None
    """Regular expression."""
    schema: str | None = None
    """Glob."""


class Require(NamedTuple):
    """What a custom rule demands of an object that matches."""

    name: str | None = None
    """Regular expression."""
    prefix: str | None = None
    type: str | None = None
    """Glob."""
    column: str | None = None
    comment: bool = False
    not_null: bool = False


class Forbid(NamedTuple):
    """What a custom rule forbids an object that matches."""

    name: str | None = None
    """Regular expression."""
    type: str | None = None
    """Glob."""
    depends_on: tuple[str, ...] = ()
    """Names of layers, or object globs."""


class CustomRule(NamedTuple):
    """A rule written in the configuration."""

    name: str
    kind: str
    paths: tuple[str, ...] = ()
    """Path globs; none: everywhere."""
    match: Match = Match()
    require: Require = Require()
    forbid: Forbid = Forbid()
    severity: Severity = Severity.WARNING
    message: str = ""
    line: int = 0
    column: int = 0


class LintConfig(NamedTuple):
    """Which rules run, how severe they are, and what is let through."""

    preset: str = "default"
    fail_on: Severity = Severity.WARNING
    select: tuple[str, ...] = ()
    """Rule or family names."""
    ignore: tuple[str, ...] = ()
    """Rule or family names."""
    rules: Mapping[str, RuleConfig] = {}
    per_path: tuple[PathConfig, ...] = ()
    custom: tuple[CustomRule, ...] = ()
    plugins: tuple[str, ...] = ()
    """Dotted module names."""
    baseline: str | None = None


class HookConfig(NamedTuple):
    """One hook that runs for every migration."""

    type: str
    description: str = ""
    timeout: int = 300
    """Seconds."""
    retries: int = 0
    config: Mapping[str, object] = {}
    """Plain values; the hook checks them."""
    line: int = 0
    column: int = 0


class Environment(NamedTuple):
    """One database that migrations are applied to."""

    database_url: str | None = None
    """As written: `${VARIABLE}` is not expanded here."""
    lock_timeout: str = "2s"
    statement_timeout: str = "5min"
    risk: Mapping[str, str] = DEFAULT_RISK
    """Axis to the highest level accepted without a waiver."""
    peak_hours: str | None = None
    """`HH:MM-HH:MM`, then a time zone."""

    def __repr__(self) -> str:
        """The environment without its password: a repr ends up in logs."""
        url = None if self.database_url is None else mask_password(self.database_url)
        return f"Environment({url!r}, {', '.join(map(repr, self[1:]))})"


class AnonymizationConfig(NamedTuple):
    """Copies without personal data."""

    profiles: str | None = None
    """The folder of the profiles."""


class PggitConfig(NamedTuple):
    """The optional pgGit adapter."""

    enabled: str = "auto"
    """`auto`, `true` or `false`."""
    queue: str = ".confiture/pggit-queue.jsonl"
    """The file in which events wait that pgGit could not be told."""


class Config(NamedTuple):
    """The effective configuration; without a file, its defaults."""

    path: str = ""
    """The file it came from; empty: none."""
    root: str = "."
    """The folder that paths are relative to."""
    version: int = VERSION
    postgres: int = 16
    schema: SchemaConfig = SchemaConfig()
    migrations: MigrationsConfig = MigrationsConfig()
    layers: tuple[Layer, ...] = ()
    tenancy: Tenancy | None = None
    lint: LintConfig = LintConfig()
    hooks: Mapping[str, tuple[HookConfig, ...]] = dict.fromkeys(PHASES, ())
    """Phase to hooks; all phases are there."""
    environments: Mapping[str, Environment] = {}
    anonymization: AnonymizationConfig = AnonymizationConfig()
    pggit: PggitConfig = PggitConfig()
    positions: Mapping[tuple[str, ...], tuple[int, int]] = {}
    """Key path to 1-based line and column: of the key, or of the item where the last part is an index."""
    warnings: tuple[Problem, ...] = ()
    """What is allowed but unwise, such as a password in the file; never shows the password."""
