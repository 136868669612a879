from collections.abc import Iterator

from confiture_linter.catalog import SourceStatement
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import CreateExtension, CreateTable, SetVariable

_OLDEST = 14
"""The oldest version that a configuration may name without being told: what went before it is gone everywhere."""

_SETTINGS = {
    "add_missing_from": (9, "write the table in FROM"),
    "regex_flavor": (9, "leave it out"),
    "custom_variable_classes": (9, "leave it out"),
    "checkpoint_segments": (9, "use max_wal_size"),
    "sql_inheritance": (10, "leave it out, and write ONLY where children are not meant"),
    "replacement_sort_tuples": (11, "leave it out"),
    "wal_keep_segments": (13, "use wal_keep_size"),
    "operator_precedence_warning": (14, "leave it out"),
    "vacuum_cleanup_index_scale_factor": (14, "leave it out"),
    "stats_temp_directory": (15, "leave it out"),
    "promote_trigger_file": (16, "use pg_promote()"),
    "vacuum_defer_cleanup_age": (16, "use hot_standby_feedback, or a replication slot"),
    "force_parallel_mode": (16, "use debug_parallel_query"),
    "old_snapshot_threshold": (17, "leave it out"),
    "trace_recovery_messages": (17, "leave it out"),
    "db_user_namespace": (17, "leave it out"),
    "lc_collate": (16, "it is a property of the database: leave it out"),
    "lc_ctype": (16, "it is a property of the database: leave it out"),
}
"""Setting to the version that does not know it any more, and what to do (release notes, appendix E of the manual)."""

_EXTENSIONS = {
    "tsearch2": (10, "text search is built in"),
    "chkpass": (11, "use crypt() of pgcrypto"),
    "timetravel": (12, "use triggers of your own"),
    "plpythonu": (15, "use plpython3u"),
    "plpython2u": (15, "use plpython3u"),
    "hstore_plpythonu": (15, "use hstore_plpython3u"),
    "hstore_plpython2u": (15, "use hstore_plpython3u"),
    "ltree_plpythonu": (15, "use ltree_plpython3u"),
    "ltree_plpython2u": (15, "use ltree_plpython3u"),
    "jsonb_plpythonu": (15, "use jsonb_plpython3u"),
    "jsonb_plpython2u": (15, "use jsonb_plpython3u"),
    "adminpack": (17, "use the built-in file functions"),
    "old_snapshot": (17, "leave it out"),
}


@rule(
    name="feature-removed",
    subject=SourceStatement,
    facts=(SetVariable, CreateExtension, CreateTable),
    severity=Severity.ERROR,
    aliases=("feature-removed-or-deprecated",),
    config="postgres: 17",
    bad="SET old_snapshot_threshold = '1h';",
    good="SET idle_in_transaction_session_timeout = '1h';",
    at="SET old_snapshot_threshold",
)
def feature_removed(where: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """A statement uses what the target version of PostgreSQL does not have any more.

    Settings and extensions go with major versions, and tables WITH OIDS went with 12; the statement is an error on
    the server that a file was moved to. Functions and types that are gone are missing-object.

    *When not:* `postgres` is not set: then only what no supported version has is said.

    *Instead:* what the release notes of that version name in its place.
    """
    target = ctx.postgres if ctx.catalog.postgres_declared else _OLDEST
    fact, statement = where.statement.fact, where.statement
    found: tuple[int, str] | None = None
    what = ""
    if isinstance(fact, SetVariable):
        found, what = _SETTINGS.get(fact.name), f"setting {fact.name}"
        if (
            fact.name == "default_with_oids"
            and fact.values
            and fact.values[0].lower() in ("true", "on", "1", "yes")
        ):
            found, what = (12, "leave it out: tables have no OIDs any more"), "default_with_oids = true"
    elif isinstance(fact, CreateExtension):
        found, what = _EXTENSIONS.get(fact.name), f"extension {fact.name}"
    elif (
        isinstance(fact, CreateTable)
        and fact.options
        and dict(fact.options).get("oids", "false").lower()
        in (
            "true",
            "on",
            "1",
            "",
        )
    ):
        found, what = (12, "leave it out: tables have no OIDs any more"), "a table WITH OIDS"
    if found is not None and found[0] <= target:
        yield Finding(
            where.path,
            Span(statement.start, statement.end),
            f"{what} went with PostgreSQL {_spelt(found[0])}",
            help=found[1],
        )


def _spelt(version: int) -> str:
    return str(version) if version > 9 else "9.x"
