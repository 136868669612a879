from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_linter.statements.facts import CreateFunction
from confiture_rules.compatibility.functions import replaced_function


@rule(
    name="function-property-lost-on-replace",
    subject=Change,
    facts=(CreateFunction,),
    severity=Severity.WARNING,
    given=(
        "CREATE FUNCTION fn_total() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';"
    ),
    bad="CREATE OR REPLACE FUNCTION fn_total() RETURNS int LANGUAGE sql AS 'SELECT 2';",
    good=(
        "CREATE OR REPLACE FUNCTION fn_total() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog "
        "AS 'SELECT 2';"
    ),
    at="CREATE OR REPLACE",
)
def function_property_lost_on_replace(change: Change, ctx: Context) -> Iterator[Finding]:
    """CREATE OR REPLACE leaves out what the function had, and so takes it away.

    SECURITY DEFINER, SET search_path and other settings, STRICT and PARALLEL are back at their defaults unless they are
    repeated. Owner and grants stay.

    *When not:* they are repeated, or set by ALTER FUNCTION in the same file.

    *Instead:* repeat them.
    """
    fact = change.fact
    old = replaced_function(change)
    if not isinstance(fact, CreateFunction) or old is None:
        return
    lost = _lost(old, fact)
    if lost:
        yield change.finding(
            f"{old.identity} loses {', '.join(lost)}",
            object=old.identity,
            help=f"repeat {', '.join(lost)}",
            related=(Related(old.path, old.span, "as it was"),),
        )


def _lost(old: Function, new: CreateFunction) -> list[str]:
    lost = []
    if old.security_definer and not new.security_definer:
        lost.append("SECURITY DEFINER")
    names = {name for name, _ in new.settings}
    lost += [f"SET {name}" for name in old.settings if name not in names]
    if old.fact.strict and not new.strict:
        lost.append("STRICT")
    if old.fact.parallel not in ("", "u", "unsafe") and new.parallel in ("", "u", "unsafe"):
        lost.append("PARALLEL")
    return lost
