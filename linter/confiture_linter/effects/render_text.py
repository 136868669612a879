"""`effects` for people: one block a statement, the strongest lock first, with what it keeps others from."""

from collections.abc import Iterable

from confiture_linter.effects.values import Effects, LockMode, StatementEffects
from confiture_linter.model.passwords import without_passwords

_BLOCKS = {
    LockMode.ACCESS_EXCLUSIVE: "blocks reads and writes",
    LockMode.EXCLUSIVE: "blocks writes and FOR UPDATE; plain reads go on",
    LockMode.SHARE_ROW_EXCLUSIVE: "blocks writes; reads go on",
    LockMode.SHARE: "blocks writes; reads go on",
    LockMode.SHARE_UPDATE_EXCLUSIVE: "blocks VACUUM and DDL; reads and writes go on",
    LockMode.ROW_EXCLUSIVE: "as any write: blocks CREATE INDEX and most DDL",
    LockMode.ROW_SHARE: "as SELECT FOR UPDATE: blocks DDL that needs EXCLUSIVE",
    LockMode.ACCESS_SHARE: "as any read: blocks only ACCESS EXCLUSIVE",
}
"""What each mode makes others wait for (manual, 13.3.1)."""

_WIDTH = max(len(mode.value) for mode in LockMode)
_BOLD, _RED, _DIM, _RESET = "\033[1m", "\033[31m", "\033[2m", "\033[0m"
_LONGEST = 100


def render(found: Iterable[StatementEffects], *, color: bool = False) -> str:
    """Return the blocks, and a last line that sums them up."""
    items = list(found)
    blocks = [_block(item, color=color) for item in items]
    return "\n".join([*blocks, _summary(items)])


def _block(item: StatementEffects, *, color: bool) -> str:
    place = f"{item.file}:{item.line}"
    lines = [f"{_paint(place, _BOLD, color=color)}  {_first_line(without_passwords(item.sql))}"]
    lines += [f"  {line}" for line in _lines(item.effects, color=color)]
    return "\n".join(lines) + "\n"


def _first_line(sql: str) -> str:
    """The statement on one line, as far as a line goes."""
    text = " ".join(sql.split()).rstrip(";")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _lines(effects: Effects, *, color: bool) -> list[str]:
    found: list[str] = []
    if effects.error is not None:
        found.append(_paint(f"{'refused':{_WIDTH}}  {effects.error}", _RED, color=color))
    if not effects.in_transaction:
        found.append(f"{'not in':{_WIDTH}}  a transaction block")
    found += _locks(effects, color=color)
    found += _listed("rewrites", effects.rewrites)
    found += _listed("reads in full", effects.scans)
    found += _listed("rebuilds", effects.index_rebuilds)
    found += [f"{'unknown':{_WIDTH}}  {text}" for text in effects.unknown]
    found += [_paint(f"{'note':{_WIDTH}}  {text}", _DIM, color=color) for text in effects.notes]
    return found or ["locks nothing that was there before"]


def _locks(effects: Effects, *, color: bool) -> list[str]:
    """Strongest first; relations with the same lock share a line."""
    groups: dict[LockMode, list[str]] = {}
    for name, mode in effects.locks:
        groups.setdefault(mode, []).append(name)
    lines = []
    for mode in sorted(groups, key=lambda mode: -mode.rank):
        text = f"{mode.value:{_WIDTH}}  {', '.join(groups[mode])}"
        shown = _paint(text, _RED, color=color) if mode.blocks_reads else text
        lines += [shown, _paint(f"{'':{_WIDTH}}  {_BLOCKS[mode]}", _DIM, color=color)]
    return lines


def _listed(what: str, names: tuple[str, ...]) -> list[str]:
    return [f"{what:{_WIDTH}}  {', '.join(names)}"] if names else []


def _summary(items: list[StatementEffects]) -> str:
    modes = [[mode for _, mode in item.effects.locks] for item in items]
    reads = sum(any(mode.blocks_reads for mode in held) for held in modes)
    writes = sum(any(mode.blocks_writes for mode in held) for held in modes) - reads
    counts = [
        (sum(bool(item.effects.rewrites) for item in items), "rewrites tables", "rewrite tables"),
        (reads, "blocks reads", "block reads"),
        (writes, "blocks only writes", "block only writes"),
        (sum(item.effects.error is not None for item in items), "is refused", "are refused"),
        (sum(bool(item.effects.unknown) for item in items), "is not fully known", "are not fully known"),
    ]
    said = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    plural = "" if len(items) == 1 else "s"
    return f"{len(items)} statement{plural}" + (f": {', '.join(said)}" if said else "") + "\n"


def _paint(text: str, code: str, *, color: bool) -> str:
    return f"{code}{text}{_RESET}" if color else text
