import re
from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateIndex, Maintain

_AFFECTED = re.compile(r"14(?:\.[0-3])?(?:\D.*)?\Z")


@rule(
    name="index-corruption-version",
    subject=Change,
    facts=(CreateIndex, Maintain),
    severity=Severity.ERROR,
    options={"server": ""},
    config="lint: {rules: {index-corruption-version: {options: {server: '14.3'}}}}",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);",
    bad="CREATE INDEX CONCURRENTLY w_order_code ON w_order (code);",
    good="CREATE INDEX w_order_code ON w_order (code);",
    at="CREATE INDEX",
)
def index_corruption_version(change: Change, ctx: Context) -> Iterator[Finding]:
    """An index is built CONCURRENTLY by a server that may leave rows out of it.

    PostgreSQL 14.0 to 14.3 let VACUUM and pruning remove rows that CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY
    still needed: the index misses rows, and nothing says so (release notes of 14.4).

    *When not:* the table is made by the same change, or the server is another version. Which one it is, the snapshot says (`migrations.snapshot`), or the option
    `server`; without either the rule is silent.

    *Instead:* upgrade to the last minor version first, then REINDEX what was built so.
    """
    fact = change.fact
    if not getattr(fact, "concurrently", False) or change.effects.error or change.is_new(change.about):
        return
    if isinstance(fact, Maintain) and fact.command != "reindex":
        return
    server = ctx.options["server"] or ctx.snapshot.server_version
    if _AFFECTED.match(server):
        yield change.finding(
            f"PostgreSQL {server} may leave rows out of an index that is built CONCURRENTLY",
            object=change.about,
            help="upgrade the server to the last 14 first; it is a restart, without a dump",
        )
