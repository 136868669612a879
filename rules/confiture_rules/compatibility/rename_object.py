from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateFunction, CreateType, Rename

_KINDS = frozenset({"function", "procedure", "routine", "aggregate", "type", "domain", "attribute"})


@rule(
    name="rename-object",
    subject=Change,
    facts=(Rename,),
    severity=Severity.WARNING,
    given="CREATE FUNCTION fn_total() RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER FUNCTION fn_total() RENAME TO fn_sum;",
    good="ALTER INDEX w_order_pkey RENAME TO w_order_key;",
    at="ALTER FUNCTION",
)
def rename_object(change: Change, ctx: Context) -> Iterator[Finding]:
    """A function, type or attribute that others call by name gets another one.

    The running application, and functions whose bodies are strings, fail at the old name.

    *When not:* names that only PostgreSQL uses (indexes, constraints, triggers, trigger functions), or the same file makes a function
    under the old name.

    *Instead:* make it under the new name, too, and drop the old one a release later.
    """
    fact = change.fact
    if (
        not isinstance(fact, Rename)
        or fact.kind not in _KINDS
        or not fact.target.parts
        or change.effects.error
    ):
        return
    old = fact.part or fact.target.parts[-1]
    again = any(
        (isinstance(s.fact, CreateFunction | CreateType) and s.fact.name == old)
        or (isinstance(s.fact, Rename) and not s.fact.part and s.fact.new == old)
        for s in change.ahead
    )
    here = any(
        getattr(step.where.statement.fact, "name", None) == old and step.where.path == change.path
        for step in change.earlier
    )
    if not again and not here and not _is_trigger_function(change, fact):
        yield change.finding(
            f"whoever uses {fact.kind} {old} fails from now on",
            object=".".join(fact.target.parts),
            help=f"make {fact.new} beside it, and drop {old} a release later",
        )


def _is_trigger_function(change: Change, fact: Rename) -> bool:
    """Whether it is a function that only triggers call, and they find it by number."""
    parts = fact.target.parts
    group = change.catalog.overloads(parts[-2] if len(parts) > 1 else "", parts[-1])
    returns = [item.fact.returns for item in group if isinstance(item, Function)]
    return (
        fact.kind != "type"
        and bool(returns)
        and all(r is not None and r.name in ("trigger", "event_trigger") for r in returns)
    )
