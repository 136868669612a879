"""What a table's constraints prove about its rows, so that PostgreSQL need not read them (predtest.c).

Proofs are weak ones: a CHECK passes where it is null, so `k > 0` says nothing about `k IS NOT NULL`.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from confiture_linter.catalog import Table
from confiture_linter.effects.objects import constraints_of
from confiture_linter.statements.facts import MAXVALUE, MINVALUE, NULL, Bound, Test

OTHER = Test("other")


def known_of(table: Table, without: frozenset[str] = frozenset()) -> list[Test]:
    """What holds for every row: valid CHECK constraints, and columns that are NOT NULL; `without` are gone."""
    found = [Test("is not null", column.name) for column in table.columns.values() if column.not_null]
    for constraint in constraints_of(table):
        if constraint.kind != "check" or constraint.not_valid or constraint.fact.not_enforced:
            continue
        if constraint.name in without:
            continue
        expression = constraint.fact.expression
        if expression is not None and expression.test is not None:
            found.append(expression.test)
    return found


def implied(wanted: Test, known: Iterable[Test]) -> bool:
    """Whether `known`, all of it true or null, proves `wanted`."""
    known = list(known)
    if wanted.kind == "and":
        return all(implied(part, known) for part in wanted.parts)
    wanted, known = _spread(wanted), [_spread(test) for test in known]
    if wanted.kind == "or" and any(implied(part, known) for part in wanted.parts):
        return True
    return any(_implies(test, wanted) for test in known)


def _spread(test: Test) -> Test:
    """`= ANY` as OR, `<> ALL` as AND."""
    if test.kind != "compare" or len(test.values) < 2:
        return test
    kind = "and" if test.operator == "<>" else "or"
    return Test(kind, parts=tuple(test._replace(values=(value,)) for value in test.values))


def _implies(known: Test, wanted: Test) -> bool:
    known, wanted = _spread(known), _spread(wanted)
    if known.kind == "or":
        return all(_implies(part, wanted) for part in known.parts)
    if wanted.kind == "and":
        return all(_implies(known, part) for part in wanted.parts)
    if known.kind == "and":
        if wanted.kind == "or" and any(_implies(known, part) for part in wanted.parts):
            return True
        return any(_implies(part, wanted) for part in known.parts)
    if wanted.kind == "or":
        return any(_implies(known, part) for part in wanted.parts)
    if known.column != wanted.column or not known.column:
        return False
    if wanted.kind in ("is null", "is not null"):
        return known.kind == wanted.kind
    if known.kind != "compare" or wanted.kind != "compare":
        return False
    return _narrower(known.operator, known.values[0], wanted.operator, wanted.values[0])


def _narrower(known: str, one: str, wanted: str, other: str) -> bool:
    """Whether `x known one` proves `x wanted other` (the B-tree implication table)."""
    order = compare(one, other)
    if order is None:
        return False
    if known == "=":
        return holds(order, wanted)
    if known == "<>":
        return wanted == "<>" and order == 0
    if known in ("<", "<="):
        strict = known == "<"
        if wanted == "<":
            return order < 0 or (strict and order == 0)
        if wanted == "<=":
            return order <= 0
        return wanted == "<>" and (order < 0 or (strict and order == 0))
    strict = known == ">"
    if wanted == ">":
        return order > 0 or (strict and order == 0)
    if wanted == ">=":
        return order >= 0
    return wanted == "<>" and (order > 0 or (strict and order == 0))


def holds(order: int, operator: str) -> bool:
    """Whether a comparison with this outcome satisfies the operator."""
    return {
        "=": order == 0,
        "<>": order != 0,
        "<": order < 0,
        "<=": order <= 0,
        ">": order > 0,
        ">=": order >= 0,
    }.get(operator, False)


def compare(one: str, other: str) -> int | None:
    """-1, 0 or 1; numbers as numbers, the rest (dates, texts) by their letters."""
    try:
        first, second = Decimal(one), Decimal(other)
    except InvalidOperation:
        return (one > other) - (one < other)
    if first.is_nan() or second.is_nan():
        return None
    return (first > second) - (first < second)


# -- partition bounds as conditions ------------------------------------------------------------------


def bound_test(key: tuple[str, ...], bound: Bound) -> Test:
    """The condition that the rows of a partition meet (get_qual_from_partbound)."""
    if not bound.exact or "" in key or not key or bound.strategy in ("hash", "default", ""):
        return OTHER
    if bound.strategy == "list":
        return _list_test(key[0], bound.values)
    if not len(key) == len(bound.lower) == len(bound.upper):
        return OTHER
    parts = [Test("is not null", column) for column in key]
    position = 0
    while position < len(key) - 1 and bound.lower[position] == bound.upper[position]:
        if bound.lower[position] in (MINVALUE, MAXVALUE):
            break
        parts.append(Test("compare", key[position], "=", (bound.lower[position],)))
        position += 1
    for values, strict, weak in ((bound.lower, ">", ">="), (bound.upper, "<", "<")):
        side = _side(key[position:], values[position:], strict, weak)
        if side is not None:
            parts.append(side)
    return Test("and", parts=tuple(parts))


def _side(key: tuple[str, ...], values: tuple[str, ...], strict: str, last: str) -> Test | None:
    """One end of a range: `a > x OR (a = x AND (b > y OR …))`; None if it is open."""
    if values[0] in (MINVALUE, MAXVALUE):
        return None
    if len(key) == 1:
        return Test("compare", key[0], last, values)
    if values[1] in (MINVALUE, MAXVALUE):
        # (x, MINVALUE) begins with x, (x, MAXVALUE) ends behind it.
        inclusive = (values[1] == MINVALUE) == (strict == ">")
        return Test("compare", key[0], strict + "=" if inclusive else strict, values[:1])
    rest = _side(key[1:], values[1:], strict, last)
    equal = Test("compare", key[0], "=", values[:1])
    return Test(
        "or",
        parts=(
            Test("compare", key[0], strict, values[:1]),
            Test("and", parts=(equal, rest)) if rest is not None else equal,
        ),
    )


def _list_test(column: str, values: tuple[str, ...]) -> Test:
    given = tuple(value for value in values if value != NULL)
    some = Test("compare", column, "=", given)
    if NULL not in values:
        return Test("and", parts=(Test("is not null", column), some))
    null = Test("is null", column)
    return Test("or", parts=(null, some)) if given else null


def admits(key: tuple[str, ...], bound: Bound | None, column: str, operator: str, value: str) -> bool:
    """Whether a partition may hold rows of which `column operator value` is true; True if that is not known."""
    if (
        bound is None
        or not bound.exact
        or not key
        or key[0] != column
        or bound.strategy in ("hash", "default", "")
    ):
        return True
    if bound.strategy == "list":
        orders = [compare(item, value) for item in bound.values if item != NULL]
        return any(order is None or holds(order, operator) for order in orders)
    lower, upper = bound.lower[0], bound.upper[0]
    low = compare(lower, value) if lower not in (MINVALUE, MAXVALUE) else -1
    high = compare(upper, value) if upper not in (MINVALUE, MAXVALUE) else 1
    if low is None or high is None:
        return True
    single = len(key) == 1
    below = high > 0 if single else high >= 0
    """Whether `value` lies below the upper end."""
    if operator in (">", ">="):
        return high > 0 if single or operator == ">" else high >= 0
    if operator in ("<", "<="):
        return low < 0 or (low == 0 and operator == "<=")
    return low <= 0 and below


def fits_another(key: tuple[str, ...], bounds: Iterable[Bound | None], column: str, value: str) -> bool:
    """Whether one of these partitions surely takes rows with this value of the only key column."""
    if len(key) != 1 or key[0] != column:
        return False
    return any(
        bound is not None
        and bound.exact
        and bound.strategy in ("range", "list")
        and admits(key, bound, column, "=", value)
        for bound in bounds
    )
