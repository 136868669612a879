from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Drop
from confiture_rules.destructive.dropped import dropped


@rule(
    name="drop-object",
    subject=Change,
    facts=(Drop,),
    severity=Severity.WARNING,
    aliases=("drop-type", "drop-extension", "drop-sequence", "drop-domain"),
    given="CREATE TYPE status AS ENUM ('new');\nCREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="DROP TYPE status;",
    good="DROP TYPE status;\nCREATE TYPE status AS ENUM ('new', 'paid');",
    at="status",
)
def drop_object(change: Change, ctx: Context) -> Iterator[Finding]:
    """A type, domain, sequence or extension is dropped.

    What the running application, or a table that is not in the tree, still uses of it fails.

    *When not:* the same file makes it again.

    *Instead:* stop using it, release that, then drop it.
    """
    for item in dropped(change, "type", "domain", "sequence", "extension"):
        yield change.finding(
            f"{item.target.kind} {item.written} is dropped",
            span=ctx.place_of(item.target.parts[-1], change.path, change.span),
            object=item.identity,
            help="stop using it, release that, then drop it",
        )
