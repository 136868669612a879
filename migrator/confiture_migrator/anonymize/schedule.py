"""Plan → units, in an order that foreign keys allow; units → an executor of `concurrent.futures`' kind.

Where the target's role may set `session_replication_role`, no foreign key is looked at while rows come in, and every
table may be loaded at any time. Elsewhere parents come before children; tables that refer to each other in a circle are
loaded in one transaction with their keys deferred, which only works if they were declared DEFERRABLE.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from multiprocessing import get_context

from confiture_migrator.anonymize.job import Job, Loaded, Unit, run_unit
from confiture_migrator.anonymize.live import ForeignKey
from confiture_migrator.anonymize.plan import CopyPlan, TablePlan
from confiture_migrator.errors import ApplyFailed, MigrateError

SPLIT_BYTES = 256 * 1024 * 1024
"""A table is split into ranges of pages of this size, where there are several workers."""
_PAGE = 8192
_POLL_SECONDS = 0.5


def units_of(plan: CopyPlan, *, replica: bool, split: bool, version: int) -> list[Unit]:
    """The units; raises `MigrateError` for circles of foreign keys that cannot be deferred."""
    by_name = {each.table.full: each for each in plan.tables}
    if replica:
        groups = [[name] for name in by_name]
    else:
        groups = _circles(by_name, plan.keys)
        _can_defer(groups, plan.keys)
    units: list[Unit] = []
    for group in groups:
        tables = tuple(by_name[name] for name in group)
        units += _split(
            tables, split=split and replica and version >= 140000
        )  # TID range scans: PostgreSQL 14
    return units


def _split(tables: tuple[TablePlan, ...], *, split: bool) -> Iterator[Unit]:
    weight = float(sum(plan.table.bytes for plan in tables))
    table = tables[0].table
    if not split or len(tables) > 1 or table.partitioned or table.bytes < 2 * SPLIT_BYTES:
        yield Unit(tables, None, weight)
        return
    step = SPLIT_BYTES // _PAGE
    count = table.bytes // SPLIT_BYTES
    for number in range(count):
        high = (number + 1) * step if number + 1 < count else None
        yield Unit(tables, (number * step, high), float(SPLIT_BYTES))


def _circles(tables: dict[str, TablePlan], keys: Sequence[ForeignKey]) -> list[list[str]]:
    """Strongly connected components, parents first (Tarjan 1972); a reference of a table to itself is no circle."""
    parents: dict[str, list[str]] = {name: [] for name in tables}
    for key in keys:
        if key.table != key.target:
            parents[key.table].append(key.target)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []
    for root in tables:
        if root in index:
            continue
        work = [(root, iter(parents[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            name, rest = work[-1]
            for parent in rest:
                if parent not in index:
                    index[parent] = low[parent] = len(index)
                    stack.append(parent)
                    work.append((parent, iter(parents[parent])))
                    break
                if parent in stack:
                    low[name] = min(low[name], index[parent])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    at = stack.index(name)
                    groups.append(stack[at:])
                    del stack[at:]
    return groups


def _can_defer(groups: list[list[str]], keys: Sequence[ForeignKey]) -> None:
    for group in groups:
        inside = [key for key in keys if len(group) > 1 and key.table in group and key.target in group]
        stiff = [
            f"{key.table}.{key.name}" for key in inside if key.table != key.target and not key.deferrable
        ]
        if stiff:
            raise MigrateError(
                f"the foreign keys of {', '.join(group)} go round in a circle and are not DEFERRABLE ({', '.join(stiff)}): "
                "let the target's role set session_replication_role, or declare one of them DEFERRABLE in the target"
            )


def executor(jobs: int) -> Executor:
    """Where units run: a thread for one, processes for several."""
    if jobs == 1:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def run_units(
    job: Job,
    units: Sequence[Unit],
    keys: Sequence[ForeignKey],
    pool: Executor,
    *,
    done: Callable[[Unit, Loaded], None],
    idle: Callable[[], None],
) -> None:
    """Hand units to the pool, heaviest first, a child after its parents unless nobody looks; raises what a unit raises."""
    here = {name for unit in units for name in unit.names}
    needs: dict[str, set[str]] = {name: set() for name in here}
    if not job.replica:
        for key in keys:
            if key.table in here and key.target in here:
                needs[key.table].add(key.target)
    waiting = sorted(units, key=lambda unit: -unit.weight)
    left = {name: sum(name in unit.names for unit in units) for name in here}
    running: dict[Future[Loaded], Unit] = {}
    while waiting or running:
        ready = [unit for unit in waiting if not _missing(unit, needs, left)]
        for unit in ready:
            waiting.remove(unit)
            running[pool.submit(run_unit, job, unit)] = unit
        finished, _ = wait(running, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
        if not finished:
            idle()
        for future in finished:
            unit = running.pop(future)
            try:
                loaded = future.result()
            except BrokenExecutor:
                raise ApplyFailed(
                    f"{', '.join(unit.names)}: the process that copied it ended; run the same command again to go on"
                ) from None
            for name in unit.names:
                left[name] -= 1
            done(unit, loaded)


def _missing(unit: Unit, needs: dict[str, set[str]], left: dict[str, int]) -> bool:
    return any(left[parent] for name in unit.names for parent in needs[name] if parent not in unit.names)
