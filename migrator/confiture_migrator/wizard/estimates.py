"""How long hooks will take, roughly, from the sizes of the tables they name. Pure; what a dry-run measured is better.

The rates are those of `confiture_linter.risk.duration`, and an order of magnitude, too.
"""

from collections.abc import Mapping
from typing import NamedTuple

from confiture_linter.risk.duration import INDEX_BUILD, REWRITE, SCAN
from confiture_migrator.migrations import HookSpec
from confiture_migrator.wizard.page import counted
from confiture_migrator.wizard.values import Estimated

BACKUP = 50e6
"""Bytes that pg_dump writes a second."""
SAMPLE = 300 * 100 * 8192
"""Bytes that ANALYZE reads of a table at most: 300 pages for each step of default_statistics_target (100)."""
BATCH = 10_000
"""Rows a batch where a backfill does not say."""


class Size(NamedTuple):
    """Size of a table, view or index."""

    rows: int | None
    """None: never analyzed, so nobody knows."""
    bytes: int


def tables_of(hook: HookSpec) -> tuple[str, ...]:
    """The relations that a hook's configuration names, and whose size says how long it takes."""
    named: list[str] = []
    for key in _SIZED.get(hook.type, ()):
        value = hook.config.get(key)
        listed = value if isinstance(value, list | tuple) else [value]
        named += [each for each in listed if isinstance(each, str)]
    return tuple(dict.fromkeys(named))


_SIZED = {
    "backfill_read_model": ("source_table",),
    "rebuild_index": ("index", "table"),
    "rebuild_read_models": ("views",),
    "verify_consistency": ("source_table", "target_table"),
    "analyze_statistics": ("tables",),
}
_RATES = {
    "backfill_read_model": REWRITE,
    "rebuild_index": INDEX_BUILD,
    "rebuild_read_models": REWRITE,
    "verify_consistency": SCAN,
}


def estimate_of(hook: HookSpec, sizes: Mapping[str, Size], database_bytes: int | None) -> Estimated:
    """The estimate; where a size is not known, that is said, and no number."""
    if hook.type == "backup_database":
        if database_bytes is None:
            return Estimated(None, "the size of the database is not known")
        return Estimated(database_bytes / BACKUP, f"database of {_bytes(database_bytes)}")
    if hook.type == "capture_statistics" and not hook.config.get("exact"):
        return Estimated(0.01, "reads statistics only")
    names = tables_of(hook)
    if not names:
        return Estimated(None, "what it works on is not said in its configuration")
    unknown = [name for name in names if name not in sizes]
    if unknown:
        return Estimated(None, f"the size of {', '.join(unknown)} is not known: it is not there yet")
    told = ", ".join(told_size(name, sizes[name]) for name in names)
    if hook.type == "analyze_statistics":
        return Estimated(sum(min(sizes[name].bytes, SAMPLE) for name in names) / SCAN, told)
    if hook.type == "backfill_read_model":
        told += _batches(hook, sizes[names[0]])
    return Estimated(sum(sizes[name].bytes for name in names) / _RATES[hook.type], told)


def _batches(hook: HookSpec, source: Size) -> str:
    size = hook.config.get("batch_size", BATCH)
    if source.rows is None or not isinstance(size, int) or size < 1:
        return ""
    return f", {counted(max(-(-source.rows // size), 1), 'batch', 'batches')} at most"


def told_size(name: str, size: Size) -> str:
    """`public.t of 1.2 GB (about 5,000,000 rows)`."""
    rows = "rows not known, never analyzed" if size.rows is None else f"about {counted(size.rows, 'row')}"
    return f"{name} of {_bytes(size.bytes)} ({rows})"


def _bytes(count: int) -> str:
    for unit, scale in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count} bytes"
