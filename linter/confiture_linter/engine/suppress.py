"""Suppression comments: `-- confiture: ignore rule[, rule] -- reason`.

Read from comments as the lexer finds them, never by searching text, so that strings stay strings. A comment
counts for the statement it stands in, or directly above; `ignore-file` for its whole file.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.spans import PIECE
from confiture_linter.model import Finding, Span, Suppression
from confiture_linter.sources.split import comments
from confiture_linter.statements.facts import CreateFunction, DoBlock, Unparsed

_COMMENT = re.compile(
    rb"(?:--|/\*)\s*confiture:\s*(?P<what>ignore-file|ignore)\b(?P<rest>[^\n]*?)\s*(?:\*/)?\s*\Z", re.DOTALL
)
_MARK = b"confiture:"


class SuppressionComment(NamedTuple):
    """One suppression comment."""

    path: str
    span: Span
    rules: tuple[tuple[str, int], ...]
    """Names as written, each with its byte offset."""
    reason: str
    scope: Span | None
    """The statement it counts for; None: the whole file."""


def suppression_comments(facts: FileFacts, text: bytes) -> list[SuppressionComment]:
    """All suppression comments of one file."""
    if _MARK not in text:
        return []
    found = []
    for start, end in comments(text):
        match = _COMMENT.match(text, start, end)
        if match is None or _is_text(facts, text, start):
            continue
        names_part, _, reason = match["rest"].partition(b"--")
        offset = match.start("rest")
        names = tuple(
            (item.group().decode(), offset + item.start()) for item in re.finditer(rb"[\w*-]+", names_part)
        )
        whole = match["what"] == b"ignore-file"
        scope = None if whole else _scope(facts, start, end)
        found.append(
            SuppressionComment(
                facts.path, Span(start, end), names, reason.decode("utf-8", "replace").strip(), scope
            )
        )
    return found


def _is_text(facts: FileFacts, text: bytes, at: int) -> bool:
    """Whether what looks like a comment stands in a dollar-quoted string that is no function body."""
    for statement in facts.statements:
        if statement.start <= at < statement.end:
            if isinstance(statement.fact, CreateFunction | DoBlock | Unparsed):
                return False
            inside = next((p for p in PIECE.finditer(text, statement.start) if p.end() > at), None)
            return inside is not None and inside[0].startswith(b"$")
    return False


def _scope(facts: FileFacts, start: int, end: int) -> Span:
    """The statement around the comment, or the first one that begins after it."""
    for statement in facts.statements:
        if statement.start <= start < statement.end:
            return Span(statement.start, statement.end)
        if statement.start >= end:
            return Span(statement.start, statement.end)
    return Span(start, end)


def suppressed_findings(
    findings: Sequence[Finding],
    comments_by_path: dict[str, list[SuppressionComment]],
    aliases: dict[str, str],
    suppressible: Callable[[str], bool],
) -> tuple[list[Finding], set[tuple[str, int]]]:
    """Mark the findings that a comment silences; also tell which names (path, offset) silenced something."""
    used: set[tuple[str, int]] = set()
    result = []
    for finding in findings:
        reason = None
        for comment in comments_by_path.get(finding.path, ()):
            if comment.scope is not None and not _inside(finding.span, comment.scope):
                continue
            for name, at in comment.rules:
                if aliases.get(name, name) in (finding.rule, finding.family) and suppressible(finding.rule):
                    used.add((finding.path, at))
                    reason = comment.reason
        result.append(
            finding if reason is None else finding._replace(suppressed=Suppression("comment", reason))
        )
    return result, used


def _inside(span: Span, scope: Span) -> bool:
    return scope.start <= span.start < max(scope.end, scope.start + 1)


def comments_of(files: Iterable[tuple[FileFacts, bytes]]) -> dict[str, list[SuppressionComment]]:
    """Suppression comments by path; files without any are left out."""
    found = {}
    for facts, text in files:
        own = suppression_comments(facts, text)
        if own:
            found[facts.path] = own
    return found
