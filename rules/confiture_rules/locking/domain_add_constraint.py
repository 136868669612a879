from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, ObjectName, Severity, Span, quote_identifier, rule
from confiture_linter.statements.facts import AlterDomain


@rule(
    name="domain-add-constraint",
    subject=Change,
    facts=(AlterDomain,),
    severity=Severity.ERROR,
    given="CREATE DOMAIN amount AS numeric;\nCREATE TABLE w_order (id bigint PRIMARY KEY, total amount);",
    bad="ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE >= 0);",
    good="ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE >= 0) NOT VALID;",
    at="ALTER DOMAIN",
)
def domain_add_constraint(change: Change, ctx: Context) -> Iterator[Finding]:
    """A constraint is added to a domain and tested on every table that uses it.

    Each of these tables is read to the end under a SHARE lock: nobody can write to it meanwhile.

    *When not:* no table in use has a column of the domain.

    *Instead:* add it NOT VALID, which reads nothing, then ALTER DOMAIN … VALIDATE CONSTRAINT in another transaction, when
    few write: it locks the tables in the same mode.
    """
    fact = change.fact
    if not isinstance(fact, AlterDomain) or fact.action not in ("C", "V") or change.effects.error:
        return
    tables = [name for name in change.effects.scans if not change.is_new(name)]
    if tables:
        domain = change.catalog.type(fact.schema, fact.name)
        written = domain.qualified if domain is not None else ObjectName(fact.schema, fact.name)
        name = fact.constraint.name if fact.constraint is not None else ""
        later = (
            f"`ALTER DOMAIN {written} VALIDATE CONSTRAINT {quote_identifier(name)}`"
            if name
            else "VALIDATE it"
        )
        message = f"{', '.join(tables)} {'is' if len(tables) == 1 else 'are'} read to the end while nobody can write"
        identity = domain.identity if domain is not None else fact.name
        if fact.action == "V":
            yield change.finding(message, object=identity, help="run it when few write")
            return
        end = ctx.words(change.path, change.span).end
        yield change.finding(
            message,
            object=identity,
            help=f"add it with NOT VALID, then in another transaction {later}",
            fix=Fix("add it NOT VALID", (Edit(change.path, Span(end, end), " NOT VALID"),), safe=False),
        )
