"""The answer to `check` with or without the work: from the cache if nothing changed, else by linting."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from confiture_linter.config import Config
from confiture_linter.engine.cache import Cache, digest, program_identity
from confiture_linter.model import Finding, LineIndex, Report, Rule, Severity, Summary, Unanalysed
from confiture_linter.sources import SourceFile

AnyRule = Rule[Any, Any]


class Answer(NamedTuple):
    """Findings and counts of a whole tree; paths relative to the configuration."""

    findings: tuple[Finding, ...]
    """All findings, sorted, suppressed ones marked."""
    unanalysed: tuple[Unanalysed, ...]
    statements: int
    objects: int


def answer_key(config: Config, sources: Sequence[SourceFile], given: Sequence[str]) -> str | None:
    """The cache key of the answer; None where the answer depends on more than can be told from here.

    `given` are the options that matter. Rules of plugins may depend on anything; includes depend on files
    that are not read.
    """
    if config.lint.plugins or any(source.includes for source in sources):
        return None
    parts: list[bytes | str] = [*program_identity(), repr(config._replace(environments={})), *given]
    for source in sources:
        parts += (source.path, source.role, source.data)
    return digest(parts)


def report_of(
    answer: Answer,
    sources: Sequence[SourceFile],
    shown_path: Callable[[str], str],
    wanted: Callable[[str], bool],
    rules: tuple[AnyRule, ...],
) -> Report:
    """Make the report: restricted by `wanted`, paths as the user sees them."""
    by_path = {source.path: source for source in sources}
    shown: dict[str, str] = {}

    def name(path: str) -> str:
        if path not in shown:
            shown[path] = shown_path(path)
        return shown[path]

    files = tuple(sorted(name(path) for path in by_path if wanted(name(path))))
    findings = tuple(_shown(f, name) for f in answer.findings if wanted(name(f.path)))
    unanalysed = tuple(
        item._replace(path=name(item.path)) for item in answer.unanalysed if wanted(name(item.path))
    )
    back = {name(path): path for path in by_path}
    index: dict[str, LineIndex] = {}

    def lines(path: str) -> LineIndex:
        if path not in index:
            source = by_path.get(back.get(path, path))
            index[path] = LineIndex(_as_written(source) if source is not None else b"")
        return index[path]

    counted = [f for f in findings if f.suppressed is None]
    totals = {level: sum(f.severity is level for f in counted) for level in Severity}
    summary = Summary(
        len(files),
        answer.statements,
        answer.objects,
        totals[Severity.ERROR],
        totals[Severity.WARNING],
        totals[Severity.INFO],
        len(findings) - len(counted),
    )
    return Report(findings, unanalysed, summary, rules, lines, files)


def failed(report: Report, threshold: Severity) -> bool:
    """Whether a finding that counts is at least as severe as `threshold`."""
    return any(f.suppressed is None and f.severity.at_least(threshold) for f in report.findings)


def _as_written(source: SourceFile) -> bytes:
    """The text as the user wrote it, so that excerpts show placeholders and meta-commands."""
    return source.data if len(source.data) == len(source.text) else source.text


def _shown(finding: Finding, name: Callable[[str], str]) -> Finding:
    path = name(finding.path)
    if path == finding.path and not finding.related and finding.fix is None:
        return finding
    fix = finding.fix
    if fix is not None:
        fix = fix._replace(edits=tuple(edit._replace(path=name(edit.path)) for edit in fix.edits))
    related = tuple(item._replace(path=name(item.path)) for item in finding.related)
    return finding._replace(path=path, fix=fix, related=related)


__all__ = ["Answer", "Cache", "answer_key", "failed", "report_of"]
