from collections.abc import Iterator

from confiture_linter.catalog import Table, View
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreatePolicy, CreateTrigger, Drop, ObjectPath
from confiture_rules.destructive.dropped import made_again


@rule(
    name="drop-trigger-or-policy",
    subject=Change,
    facts=(Drop,),
    severity=Severity.INFO,
    aliases=("drop-trigger", "drop-policy", "drop-trigger-lock"),
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY);\n"
        "CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';\n"
        "CREATE TRIGGER touch BEFORE UPDATE ON w_order FOR EACH ROW EXECUTE FUNCTION fn_touch();"
    ),
    bad="DROP TRIGGER touch ON w_order;",
    good=(
        "DROP TRIGGER touch ON w_order;\n"
        "CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON w_order FOR EACH ROW EXECUTE FUNCTION fn_touch();"
    ),
    at="DROP TRIGGER",
)
def drop_trigger_or_policy(change: Change, ctx: Context) -> Iterator[Finding]:
    """A trigger or a row security policy is dropped.

    What it did, or kept from people, stops without an error anywhere; and it takes ACCESS EXCLUSIVE on the table.

    *When not:* the same file makes it again, or another for the same events under a new name, or the table is made by the same change.

    *Instead:* see that nobody relies on it: what it did, or whom it kept out.
    """
    fact = change.fact
    if not isinstance(fact, Drop) or change.effects.error or (change.nested and fact.if_exists):
        return  # a function that makes it anew drops it first, if it is there
    for target in fact.targets:
        if target.kind not in ("trigger", "policy") or len(target.parts) < 2:
            continue
        *owner, name = target.parts
        table = change.identity_of(owner[-2] if len(owner) > 1 else "", owner[-1])
        if (
            not change.is_new(table)
            and not made_again(change, target.kind, name)
            and not _replaced(change, target)
        ):
            yield change.finding(
                f"{target.kind} {name} of {table} is dropped", object=table, help=_ENDS[target.kind]
            )


_ENDS = {
    "trigger": "what it did is not done from now on: see that nobody relies on it",
    "policy": "whom it let in is kept out from now on, or the reverse if it was restrictive: see who is concerned",
}


def _replaced(change: Change, target: ObjectPath) -> bool:
    """Whether the file makes one for the same events, or commands, of the table under another name."""
    *owner, name = target.parts
    relation = change.relation(owner[-2] if len(owner) > 1 else "", owner[-1])
    if not isinstance(relation, Table | View):
        return False
    made = [s.fact for s in change.ahead if getattr(s.fact, "table", "") == owner[-1]]
    if target.kind == "trigger":
        old = next((trigger.fact for trigger in relation.triggers if trigger.name == name), None)
        return old is not None and any(
            isinstance(new, CreateTrigger) and new.timing == old.timing and set(old.events) <= set(new.events)
            for new in made
        )
    policy = next((p for p in getattr(relation, "policies", ()) if p.name == name), None)
    return policy is not None and any(
        isinstance(new, CreatePolicy) and not new.alter and new.command in (policy.command, "all")
        for new in made
    )
