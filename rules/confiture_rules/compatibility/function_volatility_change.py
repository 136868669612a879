from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_linter.statements.facts import CreateFunction
from confiture_rules.compatibility.functions import replaced_function

_WORDS = {"i": "IMMUTABLE", "s": "STABLE", "v": "VOLATILE"}


@rule(
    name="function-volatility-change",
    subject=Change,
    facts=(CreateFunction,),
    severity=Severity.WARNING,
    given="CREATE FUNCTION fn_key(a text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(a)';",
    bad="CREATE OR REPLACE FUNCTION fn_key(a text) RETURNS text LANGUAGE sql AS 'SELECT lower(a)';",
    good="CREATE OR REPLACE FUNCTION fn_key(a text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(a)';",
    at="CREATE OR REPLACE",
)
def function_volatility_change(change: Change, ctx: Context) -> Iterator[Finding]:
    """CREATE OR REPLACE makes a function more volatile than it was.

    Queries that used an index by it read the whole table; defaults that used it rewrite tables; indexes and generated
    columns on it cannot be made again.

    *When not:* it becomes less volatile, or stays.

    *Instead:* repeat IMMUTABLE or STABLE.
    """
    fact = change.fact
    old = replaced_function(change)
    if isinstance(fact, CreateFunction) and old is not None:
        order = "isv"
        if order.index(fact.volatility or "v") > order.index(old.volatility or "v"):
            was, now = _WORDS[old.volatility or "v"], _WORDS[fact.volatility or "v"]
            yield change.finding(
                f"{old.identity} was {was} and is {now} from now on",
                object=old.identity,
                help=f"repeat {was}",
                related=(Related(old.path, old.span, "as it was"),),
            )
