"""`confiture-lint check`: a workspace and rules in, a report out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from confiture_linter.config import Config, compile_globs
from confiture_linter.engine.baseline import BaselineEntry, apply_baseline
from confiture_linter.engine.lint import findings_of
from confiture_linter.engine.notes import StaleEntry, SuppressionNote
from confiture_linter.engine.registry import AnyRule
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.suppress import SuppressionComment, comments_of, suppressed_findings
from confiture_linter.engine.workspace import Workspace, shown_path
from confiture_linter.model import Finding, LineIndex, Report, Severity, Span, Summary, Unanalysed


class Checked(NamedTuple):
    """The outcome of a check, before it is made into a report."""

    findings: list[Finding]
    """All findings of the tree, sorted, suppressed ones marked; paths relative to the configuration."""
    baseline_stale: list[BaselineEntry]


def check(
    workspace: Workspace,
    active: Sequence[ActiveRule],
    registry: Sequence[AnyRule],
    baseline: tuple[BaselineEntry, ...] = (),
) -> Checked:
    """Run the rules over a workspace."""
    early = [rule for rule in active if rule.rule.subject not in _LATE]
    late = [rule for rule in active if rule.rule.subject in _LATE]
    context = workspace.context
    findings = _per_path(findings_of(context, early), workspace.config)
    names = _names(registry)
    comments = comments_of(zip(workspace.facts, (s.text for s in workspace.sources), strict=True))
    unsuppressible = {rule.name for rule in registry if not rule.suppressible}
    used: set[tuple[str, int]] = set()
    if comments:
        findings, used = suppressed_findings(
            findings, comments, names.aliases, lambda n: n not in unsuppressible
        )
    findings, stale = apply_baseline(findings, baseline)
    context.notes = [*_suppression_notes(comments, used, names, active), *map(StaleEntry, stale)]
    if late and context.notes:
        findings += _per_path(findings_of(context, late), workspace.config)
        findings.sort(key=lambda f: (f.path, f.span, f.rule, f.object, f.message))
    return Checked(findings, stale)


_LATE = (SuppressionNote, StaleEntry)
"""Subjects that exist only when all other rules have run."""


def report(
    workspace: Workspace, checked: Checked, active: Sequence[ActiveRule], paths: Sequence[str] = ()
) -> Report:
    """Make the report: restricted to `paths` (as the user wrote them), paths relative to the working directory."""
    config = workspace.config
    wanted = _restriction(paths)
    shown = {source.path: shown_path(config, source.path) for source in workspace.sources}

    def name(path: str) -> str:
        return shown.get(path) or shown_path(config, path)

    kept = [f for f in checked.findings if wanted(name(f.path))]
    findings = tuple(_shown(finding, name) for finding in kept)
    files = tuple(sorted(path for path in shown.values() if wanted(path)))
    unanalysed = tuple(u for u in _unanalysed(workspace, name) if wanted(u.path))
    back = {value: key for key, value in shown.items()}
    index: dict[str, LineIndex] = {}

    def lines(path: str) -> LineIndex:
        if path not in index:
            index[path] = LineIndex(_original(workspace, back.get(path, path)))
        return index[path]

    counted = [f for f in findings if f.suppressed is None]
    totals = {level: sum(f.severity is level for f in counted) for level in Severity}
    summary = Summary(
        len(files),
        sum(len(facts.statements) for facts in workspace.facts),
        workspace.context.catalog.object_count,
        totals[Severity.ERROR],
        totals[Severity.WARNING],
        totals[Severity.INFO],
        len(findings) - len(counted),
    )
    return Report(findings, unanalysed, summary, tuple(rule.rule for rule in active), lines, files)


def failed(report: Report, threshold: Severity) -> bool:
    """Whether a finding that counts is at least as severe as `threshold`."""
    return any(f.suppressed is None and f.severity.at_least(threshold) for f in report.findings)


def _original(workspace: Workspace, path: str) -> bytes:
    """The text as the user wrote it where it is valid UTF-8, so that excerpts show placeholders."""
    for source in workspace.sources:
        if source.path == path:
            return source.data if len(source.data) == len(source.text) else source.text
    return b""


def _shown(finding: Finding, name: Callable[[str], str]) -> Finding:
    path = name(finding.path)
    if path == finding.path and not finding.related and finding.fix is None:
        return finding
    fix = finding.fix
    if fix is not None:
        fix = fix._replace(edits=tuple(edit._replace(path=name(edit.path)) for edit in fix.edits))
    related = tuple(item._replace(path=name(item.path)) for item in finding.related)
    return finding._replace(path=path, fix=fix, related=related)


def _restriction(paths: Sequence[str]) -> Callable[[str], bool]:
    """PATHS restrict what is reported, never what is analysed."""
    import os

    wanted = [os.path.relpath(path).replace(os.sep, "/") for path in paths]
    if not wanted or "." in wanted:
        return lambda _path: True
    return lambda path: any(path == w or path.startswith(w + "/") for w in wanted)


def _unanalysed(workspace: Workspace, name: Callable[[str], str]) -> Iterable[Unanalysed]:
    found = []
    for source, facts in zip(workspace.sources, workspace.facts, strict=True):
        found += [Unanalysed(source.path, span, reason) for span, reason in source.unanalysed]
        found += facts.unanalysed
    for function in workspace.context.catalog.routines:
        body = function.fact.body
        if body is not None:
            found += [
                Unanalysed(function.path, Span(d.at, d.at), f"dynamic SQL in {function.name}")
                for d in body.dynamic
            ]
        elif function.language not in ("sql", "plpgsql", "c", "internal"):
            found.append(Unanalysed(function.path, function.span, f"function body in {function.language}"))
    found.sort(key=lambda u: (u.path, u.span, u.reason))
    return [item._replace(path=name(item.path)) for item in found]


def _per_path(findings: list[Finding], config: Config) -> list[Finding]:
    """Apply `lint.per_path`: rules ignored or weighed differently below some paths."""
    if not config.lint.per_path:
        return findings
    matchers = [(compile_globs((entry.glob,)), entry) for entry in config.lint.per_path]
    kept = []
    for finding in findings:
        severity = finding.severity
        ignored = False
        for matches, entry in matchers:
            if matches(finding.path):
                ignored = ignored or finding.rule in entry.ignore or finding.family in entry.ignore
                severity = entry.severity.get(finding.rule) or entry.severity.get(finding.family) or severity
        if not ignored:
            kept.append(finding if severity is finding.severity else finding._replace(severity=severity))
    return kept


class _Names(NamedTuple):
    aliases: dict[str, str]
    known: frozenset[str]


def _names(registry: Sequence[AnyRule]) -> _Names:
    aliases = {alias: rule.name for rule in registry for alias in rule.aliases}
    known = {rule.name for rule in registry} | {rule.family for rule in registry} | set(aliases)
    return _Names(aliases, frozenset(known))


def _suppression_notes(
    comments: Mapping[str, list[SuppressionComment]],
    used: set[tuple[str, int]],
    names: _Names,
    active: Sequence[ActiveRule],
) -> list[Any]:
    """What is to be said about suppression comments: unknown, unused, without a name or a reason."""
    on = {rule.rule.name for rule in active} | {rule.rule.family for rule in active}
    notes = []
    for path, group in comments.items():
        for comment in group:
            if not comment.rules:
                notes.append(SuppressionNote(path, comment.span, "unnamed", ""))
            if not comment.reason:
                notes.append(SuppressionNote(path, comment.span, "reasonless", ""))
            for name, at in comment.rules:
                span = Span(at, at + len(name))
                if name not in names.known:
                    notes.append(SuppressionNote(path, span, "unknown", name))
                elif (path, at) not in used and names.aliases.get(name, name) in on:
                    notes.append(SuppressionNote(path, span, "unused", name))
    return notes
