from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_linter.statements.facts import CreateFunction, Drop


@rule(
    name="replace-function-signature-change",
    subject=Change,
    facts=(CreateFunction,),
    severity=Severity.ERROR,
    given="CREATE FUNCTION fn_total(a int) RETURNS int LANGUAGE sql AS 'SELECT a';",
    bad="CREATE OR REPLACE FUNCTION fn_total(a int, b int DEFAULT 0) RETURNS int LANGUAGE sql AS 'SELECT a + b';",
    good=(
        "DROP FUNCTION fn_total(int);\n"
        "CREATE OR REPLACE FUNCTION fn_total(a int, b int DEFAULT 0) RETURNS int LANGUAGE sql AS 'SELECT a + b';"
    ),
    at="CREATE OR REPLACE",
)
def replace_function_signature_change(change: Change, ctx: Context) -> Iterator[Finding]:
    """CREATE OR REPLACE with other arguments makes a second function beside the first.

    Both are there afterwards, and a call that fits both, because of defaults, is refused as ambiguous.

    *When not:* no call fits both, or the old one is dropped in the same file.

    *Instead:* DROP FUNCTION with the old argument types first.
    """
    fact = change.fact
    if not isinstance(fact, CreateFunction) or not fact.replace or change.effects.error:
        return
    inputs = fact.inputs
    least = len(inputs) - sum(argument.default for argument in inputs)
    for other in change.catalog.overloads(fact.schema, fact.name):
        if not isinstance(other, Function) or fact.procedure != other.fact.procedure:
            continue
        theirs = other.fact.inputs
        fewer = len(theirs) - sum(argument.default for argument in theirs)
        if len(theirs) == len(inputs):
            continue
        low, high = max(least, fewer), min(len(inputs), len(theirs))
        common = min(len(inputs), len(theirs))
        same = all(a.type[:5] == b.type[:5] for a, b in zip(inputs[:common], theirs[:common], strict=True))
        if low <= high and same and not _dropped_later(change, fact.name):
            yield change.finding(
                f"{other.identity}({other.signature}) stays beside it: a call with {low} argument{'' if low == 1 else 's'} "
                "is ambiguous",
                at=fact.at,
                object=other.identity,
                help=f"`DROP FUNCTION {other.qualified}({other.signature})` first",
                related=(Related(other.path, other.span, "the function that stays"),),
            )


def _dropped_later(change: Change, name: str) -> bool:
    return any(
        isinstance(s.fact, Drop)
        and any(t.parts[-1:] == (name,) and "function" in t.kind for t in s.fact.targets)
        for s in change.ahead
    )
