"""Applies fixes: edits on the text, checked again until nothing more changes."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from confiture_linter.engine.check import Checked
from confiture_linter.engine.workspace import Overlay, Workspace
from confiture_linter.model import Edit, Finding

ROUNDS = 10
"""Fixing one thing may uncover another; more rounds than this would mean that two rules disagree."""


class FileChange(NamedTuple):
    """One file before and after."""

    path: str
    disk: str
    before: bytes
    after: bytes


def apply_fixes(
    again: Callable[[Sequence[Overlay]], tuple[Workspace, Checked]], *, unsafe: bool
) -> list[FileChange]:
    """Fix what can be fixed, in memory; `again` lints with some files replaced."""
    texts: dict[str, bytes] = {}
    first: Workspace | None = None
    for _ in range(ROUNDS):
        opened, checked = again([Overlay(path, data) for path, data in texts.items()])
        first = first or opened
        sources = {source.path: source for source in opened.sources}
        edits = _edits(checked.findings, unsafe=unsafe)
        if not edits:
            break
        for path, group in edits.items():
            if path in sources and len(sources[path].data) == len(sources[path].text):
                texts[path] = edited(sources[path].data, group)
    if first is None:
        return []
    before = {source.path: source.data for source in first.sources}
    disk = {file.path: file.disk for file in first.files}
    return [
        FileChange(path, disk[path], before[path], data)
        for path, data in sorted(texts.items())
        if path in disk and before.get(path) != data
    ]


def _edits(findings: Iterable[Finding], *, unsafe: bool) -> dict[str, list[Edit]]:
    """Edits by file; a fix that overlaps an earlier one waits for the next round."""
    chosen: dict[str, list[Edit]] = {}
    for finding in findings:
        fix = finding.fix
        if fix is None or finding.suppressed is not None or not (fix.safe or unsafe):
            continue
        if any(_overlaps(edit, other) for edit in fix.edits for other in chosen.get(edit.path, ())):
            continue
        for edit in fix.edits:
            chosen.setdefault(edit.path, []).append(edit)
    return chosen


def _overlaps(one: Edit, other: Edit) -> bool:
    return (one.span.start < other.span.end and other.span.start < one.span.end) or one.span == other.span


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with edits applied, last one first; new lines end as the others do."""
    ends = b"\r\n" if b"\r\n" in data else b"\n"
    for edit in sorted(edits, key=lambda e: e.span, reverse=True):
        replacement = edit.replacement.encode().replace(b"\r\n", b"\n").replace(b"\n", ends)
        data = data[: edit.span.start] + replacement + data[edit.span.end :]
    return data


def difference(changes: Iterable[FileChange]) -> str:
    """A unified diff of all changes."""
    from difflib import unified_diff

    parts: list[str] = []
    for change in changes:
        lines = unified_diff(
            _lines(change.before), _lines(change.after), f"a/{change.path}", f"b/{change.path}"
        )
        parts.extend(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )
    return "".join(parts)


def _lines(data: bytes) -> list[str]:
    """Lines as `patch` counts them: only a line feed ends one."""
    lines = data.decode("utf-8", "replace").split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *(lines[-1:] if lines[-1] else ())]
