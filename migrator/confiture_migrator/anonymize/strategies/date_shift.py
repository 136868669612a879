"""`date_shift`: every value moves by a keyed amount of at most `days`, and never by nothing.

With `per: COLUMN` the amount is that of the column's value, so that the dates of one person move together and what came
first stays first. Dates move by days, time stamps by seconds.
"""

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.sql_text import identifier
from confiture_migrator.anonymize.strategies.calendar import SECONDS_A_DAY, moment
from confiture_migrator.anonymize.strategies.values import ROW, Compiled, Expression, Row, Setting, only


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """The expression for a date or time stamp."""
    only(setting, spec, "date", "timestamp", "timestamptz")
    keyed = setting.keyring.keyed(spec.key, b"date_shift\0")
    per: str | None = spec.options["per"]
    if per is not None:
        setting.other(per)
    dated = setting.type.kind == "date"
    most = spec.options["days"] * (1 if dated else SECONDS_A_DAY)

    def sql(value: Expression) -> str:
        subject = value.text if per is None else f"coalesce({ROW}.{identifier(per)}::text, {value.text})"
        number = f"({keyed.sql_number(subject)}) % {2 * most}::bigint"
        amount = f"(SELECT CASE WHEN s.n < {most} THEN s.n - {most} ELSE s.n - {most} + 1 END FROM (SELECT {number} AS n OFFSET 0) AS s)"
        if dated:
            return f"({value.raw} + {amount}::int)::text"
        return f"({value.raw} + make_interval(secs => {amount}::float8))::text"

    def python(text: str, row: Row) -> str:
        subject = text if per is None else row.get(per)
        number = keyed.number((text if subject is None else subject).encode()) % (2 * most)
        amount = number - most if number < most else number - most + 1
        before = moment(text)
        return text if before is None else before.moved(amount * (SECONDS_A_DAY if dated else 1)).text()

    return Compiled(
        sql,
        python,
        reads=(per,) if per else (),
        repeats="two dates may move to the same day",
    )
