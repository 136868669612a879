from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterDomain


@rule(
    name="domain-set-not-null",
    subject=Change,
    facts=(AlterDomain,),
    severity=Severity.ERROR,
    given="CREATE DOMAIN amount AS numeric;\nCREATE TABLE w_order (id bigint PRIMARY KEY, total amount);",
    bad="ALTER DOMAIN amount SET NOT NULL;",
    good="ALTER DOMAIN amount SET DEFAULT 0;",
    at="ALTER DOMAIN",
)
def domain_set_not_null(change: Change, ctx: Context) -> Iterator[Finding]:
    """A domain is made NOT NULL by reading every table that uses it.

    Each of these tables is read to the end under a SHARE lock: nobody can write to it meanwhile. There is no NOT VALID
    form of it.

    *When not:* no table in use has a column of the domain.

    *Instead:* make the columns NOT NULL, not the domain (see set-not-null).
    """
    fact = change.fact
    if not isinstance(fact, AlterDomain) or fact.action != "O" or change.effects.error:
        return
    tables = [name for name in change.effects.scans if not change.is_new(name)]
    if tables:
        domain = change.catalog.type(fact.schema, fact.name)
        yield change.finding(
            f"{', '.join(tables)} {'is' if len(tables) == 1 else 'are'} read to the end while nobody can write",
            object=domain.identity if domain is not None else fact.name,
            help="make the columns of this domain NOT NULL instead, each by a validated CHECK",
        )
