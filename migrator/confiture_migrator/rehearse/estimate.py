"""How long a migration takes in production, with an interval, a confidence, and what it all rests on."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from confiture_migrator.rehearse.values import Estimate, MigrationReport

_T = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26)
"""Student's t, two-sided 95 %, for 1, 2, … degrees of freedom."""


class Run(NamedTuple):
    """One execution of one migration, with so many rows in every filled table."""

    report: MigrationReport
    rows: int


def estimate(runs: Sequence[Run], sizes: Mapping[str, int] | None, *, as_it_is: str = "") -> Estimate:
    """Estimate from executions: as they were where the rows are the real ones, else as a line over their number.

    `as_it_is` says where the real ones are: `the target, rolled back`, `a restored dump`; empty: nowhere.
    """
    seconds = [run.report.seconds for run in runs]
    if as_it_is:
        return _spread(seconds, f"{len(seconds)} executions on {as_it_is}")
    if not any(run.rows for run in runs):
        return Estimate(
            None,
            None,
            None,
            0.0,
            "the shadow has no rows: --fill N makes some, and a snapshot says how many there are",
        )
    touched = runs[-1].report.touched
    if sizes is None:
        return Estimate(None, None, None, 0.0, "no table sizes are known: see `confiture-migrate snapshot`")
    unknown = [table for table in touched if table not in sizes]
    production = sum(sizes.get(table, 0) for table in touched)
    made = _line([run.rows * len(touched) for run in runs], seconds, production)
    told = f"{len(runs)} executions on a shadow with {min(r.rows for r in runs)} to {max(r.rows for r in runs)} rows a table, "
    told += f"scaled to {production} rows of the snapshot"
    if unknown:
        return made._replace(confidence=0.0, basis=f"{told}; of no known size: {', '.join(unknown)}")
    return made._replace(basis=told)


def _spread(values: Sequence[float], basis: str) -> Estimate:
    mean = sum(values) / len(values)
    if len(values) < 2:
        return Estimate(mean, None, None, 0.0, f"{basis}; --repeat N would show how much it varies")
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    half = _t(len(values) - 1) * deviation / math.sqrt(len(values))
    return Estimate(mean, max(mean - half, 0.0), mean + half, _confidence(half, mean), basis)


def _line(rows: Sequence[int], seconds: Sequence[float], wanted: int) -> Estimate:
    """Least squares through (rows, seconds), read at `wanted`, with the interval of a prediction."""
    count = len(rows)
    mean_x, mean_y = sum(rows) / count, sum(seconds) / count
    spread = sum((x - mean_x) ** 2 for x in rows)
    if spread == 0 or count < 3:
        return Estimate(None, None, None, 0.0, "")
    slope = max(sum((x - mean_x) * (y - mean_y) for x, y in zip(rows, seconds, strict=True)) / spread, 0.0)
    base = max(mean_y - slope * mean_x, 0.0)
    guess = base + slope * wanted
    residual = math.sqrt(
        sum((y - base - slope * x) ** 2 for x, y in zip(rows, seconds, strict=True)) / max(count - 2, 1)
    )
    half = _t(count - 2) * residual * math.sqrt(1 + 1 / count + (wanted - mean_x) ** 2 / spread)
    far = max(wanted / max(rows), 1.0)
    confidence = _confidence(half, guess) / (1 + math.log10(far))
    return Estimate(guess, max(guess - half, 0.0), guess + half, round(confidence, 3), "")


def _confidence(half: float, middle: float) -> float:
    return round(max(0.0, 1 - half / middle), 3) if middle > 0 else 0.0


def _t(freedom: int) -> float:
    return _T[min(max(freedom, 1), len(_T)) - 1]
