from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Maintain


@rule(
    name="vacuum-full",
    subject=Change,
    facts=(Maintain,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="VACUUM FULL w_order;",
    good="VACUUM w_order;",
    at="VACUUM FULL",
)
def vacuum_full(change: Change, ctx: Context) -> Iterator[Finding]:
    """VACUUM FULL writes a table anew while nobody can use it.

    Table and indexes are written anew under ACCESS EXCLUSIVE; without a table, all of them one after the other.

    *When not:* plain VACUUM lets others read and write.

    *Instead:* VACUUM; or pg_repack; or a maintenance window.
    """
    fact = change.fact
    if isinstance(fact, Maintain) and fact.command == "vacuum" and _is_full(fact):
        names = [change.quoted(schema, name) for schema, name, _ in fact.relations]
        yield change.finding(
            f"{', '.join(names) or 'every table'} is written anew: nobody can read or write it meanwhile",
            object=change.identity_of(*fact.relations[0][:2]) if fact.relations else "",
            help="use VACUUM, pg_repack, or a maintenance window",
        )


def _is_full(fact: Maintain) -> bool:
    """Whether FULL is given, and not switched off: VACUUM (FULL off)."""
    value = dict(fact.settings).get("full", "")
    return "full" in fact.options and value.lower() not in ("off", "false", "0", "no")
