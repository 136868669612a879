"""`confiture-lint check`: a workspace and rules in, a report out."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from confiture_linter.config import Config, compile_globs
from confiture_linter.engine.answer import Answer
from confiture_linter.engine.baseline import BaselineEntry, apply_baseline
from confiture_linter.engine.lint import findings_of
from confiture_linter.engine.notes import StaleEntry, SuppressionNote
from confiture_linter.engine.registry import AnyRule
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.suppress import SuppressionComment, comments_of, suppressed_findings
from confiture_linter.engine.workspace import Workspace
from confiture_linter.model import Finding, Span, Unanalysed


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
    unsuppressible = {rule.name for rule in registry if not rule.suppressible}
    found = findings_of(context, early)
    if workspace.changes is not None:
        found = sorted([*found, *_of_changes(workspace, early, found)], key=_place)
    findings = _per_path(found, workspace.config, unsuppressible)
    if any(source.embedded is not None for source in workspace.sources):
        from confiture_linter.engine.embedded_facts import only_possible_fixes

        findings = only_possible_fixes(findings, workspace.sources)
    names = _names(registry)
    comments = comments_of(zip(workspace.facts, (s.text for s in workspace.sources), strict=True))
    used: set[tuple[str, int]] = set()
    if comments:
        findings, used = suppressed_findings(
            findings, comments, names.aliases, lambda n: n not in unsuppressible
        )
    findings, stale = apply_baseline(findings, _acceptable(baseline, registry, active))
    context.notes = [*_suppression_notes(comments, used, names, active), *map(StaleEntry, stale)]
    if late and context.notes:
        findings += _per_path(findings_of(context, late), workspace.config, unsuppressible)
        findings.sort(key=_place)
    return Checked(findings, stale)


def _place(finding: Finding) -> Any:
    return finding.path, finding.span, finding.rule, finding.object, finding.message


def _of_changes(workspace: Workspace, active: Sequence[ActiveRule], tree: Sequence[Finding]) -> list[Finding]:
    """What rules say of change scripts beside the schema, less what they say of the schema itself already.

    Where nothing of the schema is known, only what the scripts do is judged: everything else would be missing.
    """
    from confiture_linter.catalog import SourceStatement
    from confiture_linter.effects import Change, ChangeSet
    from confiture_linter.engine.context import File
    from confiture_linter.engine.drift import Drift

    changes = workspace.changes
    if changes is None:
        return []
    rules = list(active)
    if changes.base == "nothing":
        rules = [r for r in active if r.rule.subject in (Change, ChangeSet, SourceStatement, File)]
    said = {(finding.rule, finding.object) for finding in tree if finding.object}
    drifting = {rule.rule.name for rule in active if rule.rule.subject is Drift}
    return [
        finding
        for finding in findings_of(changes.context, rules)
        if finding.rule in drifting
        or (finding.path in changes.paths and (finding.rule, finding.object) not in said)
    ]


def _acceptable(
    baseline: tuple[BaselineEntry, ...], registry: Sequence[AnyRule], active: Sequence[ActiveRule]
) -> tuple[BaselineEntry, ...]:
    """The entries that count in this run: not of a rule that is off, nor of one that nothing may silence."""
    on = {item.rule.name for item in active}
    skipped = {rule.name for rule in registry if not rule.suppressible or rule.name not in on}
    return tuple(entry for entry in baseline if entry.rule not in skipped)


_LATE = (SuppressionNote, StaleEntry)
"""Subjects that exist only when all other rules have run."""


def answer(workspace: Workspace, checked: Checked) -> Answer:
    """The findings and counts of a workspace, in the form that is kept between runs."""
    return Answer(
        tuple(checked.findings),
        tuple(_unanalysed(workspace)),
        sum(len(facts.statements) for facts in workspace.facts),
        workspace.context.catalog.object_count,
    )


def _unanalysed(workspace: Workspace) -> list[Unanalysed]:
    found: list[Unanalysed] = [*workspace.set_aside]
    for source, facts in zip(workspace.sources, workspace.facts, strict=True):
        found += [Unanalysed(source.path, span, reason) for span, reason in source.unanalysed]
        found += facts.unanalysed
    for path, at in workspace.context.catalog.untold:
        found.append(Unanalysed(path, Span(at, at), "dynamic SQL in a DO block"))
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
    return found


def _per_path(findings: list[Finding], config: Config, unsuppressible: AbstractSet[str]) -> list[Finding]:
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
                named = finding.rule in entry.ignore or finding.family in entry.ignore
                ignored = ignored or (named and finding.rule not in unsuppressible)
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
