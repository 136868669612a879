from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Preset, Severity, Span, quote_identifier, rule


@rule(
    name="require-index-name",
    subject=Index,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);\nCREATE INDEX ON w_order (code);",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);\nCREATE INDEX w_order_code ON w_order (code);",
    at="CREATE INDEX ON",
)
def require_index_name(index: Index, ctx: Context) -> Iterator[Finding]:
    """An index has no name of its own.

    PostgreSQL makes one up and adds a number where it is taken: databases that were changed in another order have other
    names, IF NOT EXISTS is not possible, and a later DROP INDEX fails on some of them.

    *When not:* the team relies on PostgreSQL's names.

    *Instead:* write the name. The fix writes the one that PostgreSQL gives.
    """
    if index.fact.name:
        return
    words = ctx.words(index.path, index.span)
    found = words.find("on")
    name = quote_identifier(index.name)
    fix = None
    if found:
        at = found[0].start
        fix = Fix("write the name", (Edit(index.path, Span(at, at), f"{name} "),))
    yield index.finding(
        f"index on {index.table.identity} has no name of its own",
        help=f"write {name}, or a better name, before ON",
        fix=fix,
    )
