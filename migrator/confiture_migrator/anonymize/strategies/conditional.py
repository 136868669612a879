"""`conditional`: one strategy for the rows that satisfy a condition, another for all others."""

from confiture_linter.profiles import Spec
from confiture_linter.profiles.condition import Condition, fields
from confiture_migrator.anonymize.condition import condition_python, condition_sql
from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Row, Setting


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """CASE WHEN condition THEN … ELSE … END; Python where one of the branches needs it."""
    condition: Condition = spec.options["condition"]
    yes = setting.compile(spec.options["if_true"], setting)
    no = setting.compile(spec.options["if_false"], setting)
    asked = f"({condition_sql(condition, setting)}) IS TRUE"
    holds = condition_python(condition, setting)

    first, second = yes.sql, no.sql
    sql = None
    if first is not None and second is not None:

        def sql(value: Expression) -> str:
            return f"CASE WHEN {asked} THEN {first(value)} ELSE {second(value)} END"

    def python(text: str, row: Row) -> str | None:
        return (yes if holds(row) is True else no).python(text, row)

    return Compiled(
        sql,
        python,
        telling=(yes.telling or yes.untouched)
        and (no.telling or no.untouched)
        and not (yes.untouched and no.untouched),
        reads=tuple(dict.fromkeys((*fields(condition), *yes.reads, *no.reads))),
        repeats=yes.repeats or no.repeats,
        crowded=yes.crowded or no.crowded,
        masks=_masks(asked, yes, no),
        untouched=yes.untouched and no.untouched,
    )


def _masks(asked: str, yes: Compiled, no: Compiled) -> str:
    """The rows whose value does not stay."""
    parts = []
    for holds, branch in ((asked, yes), (f"NOT ({asked})", no)):
        if not branch.untouched:
            parts.append(f"({holds} AND ({branch.masks}))" if branch.masks else holds)
    return " OR ".join(parts) or "false"
