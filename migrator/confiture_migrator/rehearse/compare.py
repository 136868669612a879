"""Prediction against observation: every difference is said; what was not predicted is not held against anybody."""

from collections.abc import Container, Mapping

from confiture_linter.effects.values import LockMode
from confiture_migrator.migrations.statements import Statement
from confiture_migrator.rehearse.values import StepReport

_ROWS = frozenset(("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CallStmt", "DoStmt"))
"""How these read is the planner's choice, made from the size of the tables."""


def differences(
    report: StepReport, held: Mapping[str, LockMode], there: Container[str], statement: Statement
) -> list[str]:
    """Compare one step.

    `held` are the strongest locks of the transaction so far on what was `there` before it: nobody can wait for the rest.
    """
    predicted = report.predicted
    if predicted.unknown:
        return []
    found = []
    # What runs outside a transaction has let go of its locks by now: they are seen only by looking in time.
    for relation, mode in predicted.locks if statement.outside is None else ():
        seen = held.get(relation)
        if relation in there and (seen is None or seen.rank < mode.rank):
            took = seen.value if seen else "none"
            found.append(f"predicted {mode.value} on {relation}, PostgreSQL took {took}")
    for relation, lock in sorted(report.locks.items()):
        wanted = predicted.lock(relation)
        if wanted is None or wanted.rank < lock.mode.rank:
            foreseen = wanted.value if wanted else "none"
            found.append(f"PostgreSQL took {lock.mode.value} on {relation}, predicted {foreseen}")
    found += _sets("rewrite", predicted.rewrites, report.rewrites)
    if statement.kind not in _ROWS and statement.outside is None:
        found += _sets("scan", predicted.scans, report.scans)
    if not predicted.in_transaction and statement.outside is None:
        found.append("predicted to be refused in a transaction; PostgreSQL ran it in one")
    return found


def _sets(what: str, predicted: tuple[str, ...], observed: list[str]) -> list[str]:
    found = [
        f"predicted a {what} of {name}, PostgreSQL made none" for name in predicted if name not in observed
    ]
    return found + [
        f"PostgreSQL made a {what} of {name}, predicted none" for name in observed if name not in predicted
    ]
