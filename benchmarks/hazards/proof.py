"""The kinds of proof: what a label claims about the server, tested against what was seen.

| kind | argument | holds if |
|---|---|---|
| `runs` | | the change runs |
| `error` | SQLSTATE | the server refuses it with that |
| `warning`, `no-warning` | SQLSTATE | the change draws a warning with it, or none |
| `rewrite`, `no-rewrite` | relation or index | its file is another afterwards, or the same |
| `scan`, `no-scan` | relation | a statement reads it from begin to end, or none does |
| `lock` | relation MODE | the strongest lock that is held on it after any statement; `none` |
| `scan-blocks-writes`, `scan-lets-writes` | relation | it is read while writers are kept from it, or only while not |
| `work-under-lock`, `no-work-under-lock` | relation | a statement reads a table or writes rows while a lock that an *earlier* statement took keeps writers from the relation |
| `queue-blocks-writes`, `queue-lets-writes`, `…-reads` | relation | while the change waits for somebody who uses the relation, a third one must wait too |
| `lock-timeout` | relation VALUE | the setting when the first statement began that takes a lock which keeps writers from it |
| `gone`, `kept` | SQL expression | true before and not after; true before and after |
| `after` | SQL expression | true after, in the session of the change |
| `then-error` | SQLSTATE | the statements afterwards fail with it, and run if there was no change |
| `then-runs` | | they run |
| `manual` | address | always: for versions of which no server is at hand; what the other proofs say is tested where one is |
"""

from collections.abc import Callable

from benchmarks.hazards.case import Case, Proof
from benchmarks.hazards.observe import MODES, Seen, Step

BLOCKS_WRITES = MODES[4:]

Check = Callable[[Seen, str], bool]


def failures(case: Case, seen: Seen) -> list[str]:
    """Every claim of the case that the server did not bear out."""
    wrong = []
    claims = [*case.proofs]
    if not any(proof.kind == "error" for proof in claims):
        claims.append(Proof("runs", ""))
    for kind, argument in claims:
        check = KINDS.get(kind)
        if check is None:
            wrong.append(f"unknown kind of proof: {kind}")
        elif not check(seen, argument):
            wrong.append(f"{kind} {argument}".strip() + f": not so{_seen(seen)}")
    return wrong


def _seen(seen: Seen) -> str:
    if seen.error:
        return f"; {seen.error} {seen.message}"
    steps = [
        f"{s.sql.split(chr(10))[0][:40]}: {s.locks} scanned {s.scanned} wrote {s.written}" for s in seen.steps
    ]
    return f"; then {seen.then!r} control {seen.control!r} warnings {seen.warnings} " + " | ".join(steps)


def _rewritten(seen: Seen, relation: str) -> bool | None:
    old, new = seen.before.get(relation), seen.after.get(relation)
    return None if old is None or new is None else old != new


def _strongest(step: Step, relation: str) -> str:
    return step.locks.get(relation, "")


def _held(seen: Seen, argument: str) -> bool:
    mode = max((mode for mode in (*MODES, "none") if argument.endswith(f" {mode}")), key=len)
    relation = argument.removesuffix(f" {mode}")
    held = [_strongest(step, relation) for step in seen.steps if _strongest(step, relation)]
    return (max(held, key=MODES.index) if held else "none") == mode


def _scan_blocks(seen: Seen, relation: str) -> bool:
    return any(relation in s.scanned and _strongest(s, relation) in BLOCKS_WRITES for s in seen.steps)


def _work_under_lock(seen: Seen, relation: str) -> bool:
    held = False
    for step in seen.steps:
        if (
            held
            and step.goes_on
            and (any(step.scanned.values()) or step.written)
            and _strongest(step, relation)
        ):
            return True
        held = _strongest(step, relation) in BLOCKS_WRITES
    return False


def _timeout(seen: Seen, argument: str) -> bool:
    relation, value = argument.rsplit(" ", 1)
    for step in seen.steps:
        if _strongest(step, relation) in BLOCKS_WRITES:
            return step.lock_timeout == value
    return False


def _queue(waits: bool, mode: str) -> Check:
    return lambda seen, relation: seen.queued.get(f"{mode} {relation}") is waits


KINDS: dict[str, Check] = {
    "runs": lambda seen, _: not seen.error,
    "error": lambda seen, code: seen.error == code,
    "warning": lambda seen, code: code in seen.warnings,
    "no-warning": lambda seen, code: code not in seen.warnings,
    "rewrite": lambda seen, relation: _rewritten(seen, relation) is True,
    "no-rewrite": lambda seen, relation: _rewritten(seen, relation) is False,
    "scan": lambda seen, relation: any(step.scanned.get(relation) for step in seen.steps),
    "no-scan": lambda seen, relation: not any(step.scanned.get(relation) for step in seen.steps),
    "lock": _held,
    "scan-blocks-writes": _scan_blocks,
    "scan-lets-writes": lambda seen, relation: (
        not _scan_blocks(seen, relation) and any(relation in step.scanned for step in seen.steps)
    ),
    "work-under-lock": _work_under_lock,
    "no-work-under-lock": lambda seen, relation: not _work_under_lock(seen, relation),
    "queue-blocks-writes": _queue(True, "ROW EXCLUSIVE"),
    "queue-lets-writes": _queue(False, "ROW EXCLUSIVE"),
    "queue-blocks-reads": _queue(True, "ACCESS SHARE"),
    "queue-lets-reads": _queue(False, "ACCESS SHARE"),
    "lock-timeout": _timeout,
    "gone": lambda seen, text: seen.facts[text] == (True, False),
    "kept": lambda seen, text: seen.facts[text] == (True, True),
    "after": lambda seen, text: seen.facts[text][1],
    "then-error": lambda seen, code: seen.then == code and seen.control == "",
    "manual": lambda _, address: address.startswith("https://"),
    "then-runs": lambda seen, _: seen.then == "",
}
