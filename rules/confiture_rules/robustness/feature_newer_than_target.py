from collections.abc import Iterator

from confiture_linter.catalog import SourceStatement
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_rules.robustness.features import WORDED, features, may_contain


@rule(
    name="feature-newer-than-target",
    subject=SourceStatement,
    severity=Severity.ERROR,
    config="postgres: 14",
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY, code text UNIQUE NULLS NOT DISTINCT);",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY, code text UNIQUE);",
    at="UNIQUE NULLS",
)
def feature_newer_than_target(where: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """A statement uses what the target version of PostgreSQL does not have yet.

    The parser here knows the grammar of the newest version; the server refuses what came after its own.

    *When not:* `postgres` is not set: then any supported version may be meant. Functions that are too new are
    missing-object.

    *Instead:* write it in another way, or raise `postgres` when the servers are there.
    """
    if not ctx.catalog.postgres_declared or ctx.postgres >= 18:
        return
    statement = where.statement
    said = set()
    for version, name, at in features(statement):
        if version > ctx.postgres and name not in said:
            said.add(name)
            place = at if at >= 0 else statement.start
            yield _finding(where, Span(place, -2), version, name, ctx.postgres)
    if not ctx.memo(f"newer words {where.path}", lambda: may_contain(ctx.text(where.path))):
        return
    words = ctx.words(where.path, Span(statement.start, statement.end))
    for version, name, row in WORDED:
        found = words.find(*row) if version > ctx.postgres else ()
        if found:
            yield _finding(where, Span(found[0].start, found[-1].end), version, name, ctx.postgres)
    digits = words.separated_digits() if ctx.postgres < 16 else None
    if digits is not None:
        yield _finding(where, digits, 16, "an underscore in a number", ctx.postgres)


def _finding(where: SourceStatement, span: Span, version: int, name: str, target: int) -> Finding:
    return Finding(
        where.path,
        span,
        f"{name} came with PostgreSQL {version}; the target is {target}",
        help=f"write it in another way, or set postgres: {version} when the servers are there",
    )
