"""Which statements of a file leave a trace: not those between BEGIN and ROLLBACK."""

from collections.abc import Sequence

from confiture_linter.statements.facts import Statement, Transaction

_BACK = frozenset({"rollback", "rollback_to"})


def lasting(statements: Sequence[Statement]) -> Sequence[Statement]:
    """The statements whose effect is still there at the end of the file, in order.

    A file that takes nothing back comes out as it went in, after one look at each statement.
    """
    for statement in statements:
        if type(statement.fact) is Transaction and statement.fact.kind in _BACK:
            return _kept(statements)
    return statements


def _kept(statements: Sequence[Statement]) -> list[Statement]:
    kept: list[Statement] = []
    begun = -1
    savepoints: list[tuple[str, int]] = []
    for statement in statements:
        fact = statement.fact
        if type(fact) is not Transaction:
            kept.append(statement)
            continue
        if fact.kind in ("begin", "start"):
            begun = len(kept) if begun < 0 else begun
        elif fact.kind == "savepoint":
            savepoints.append((fact.savepoint, len(kept)))
        elif fact.kind == "release":
            number = _latest(savepoints, fact.savepoint)
            if number >= 0:
                del savepoints[number:]
        elif fact.kind == "rollback_to":
            number = _latest(savepoints, fact.savepoint)
            if number >= 0:
                del kept[savepoints[number][1] :]
                del savepoints[number + 1 :]
        else:
            if fact.kind == "rollback" and begun >= 0:
                del kept[begun:]
            begun = -1
            savepoints = []
        kept.append(statement)
    return kept


def _latest(savepoints: list[tuple[str, int]], name: str) -> int:
    return next((i for i in range(len(savepoints) - 1, -1, -1) if savepoints[i][0] == name), -1)
