"""`--format sarif`: SARIF 2.1.0 for GitHub code scanning and everything else that reads it.

GitHub's limits: 25,000 results a run (docs.github.com, "SARIF support for code scanning"). Texts GitHub cuts
at 1,024 characters are cut here, with an ellipsis. Results beyond the limit are left out, the least severe
and the suppressed first, and a notification says how many.
"""

import json
from collections.abc import Iterable
from typing import Any

from confiture_linter.model import Edit, Finding, LineIndex, Related, Report, Rule, Severity, Span, Unanalysed
from confiture_linter.report.line_hash import line_hashes
from confiture_linter.report.options import RenderOptions
from confiture_linter.report.places import file_uri, repository_path

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000
MAX_TEXT = 1024

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFO: "2.0"}
"""On GitHub's scale: high (7.0 to 8.9), medium (4.0 to 6.9), low (below)."""
_SUPPRESSIONS = {"comment": "inSource", "baseline": "external"}


def render(report: Report, options: RenderOptions) -> str:
    """Return one run; lines and columns are 1-based, columns count code points, ends are exclusive.

    Suppressed findings are results with `suppressions`. All rules that were on are listed, so that a rule that
    found nothing is told from a rule that did not run.
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode

    def array(values: Iterable[dict[str, Any]]) -> str:
        return "[" + ",".join("\n    " + encode(value) for value in values) + "]"

    findings, notices = _within_limit(report.findings)
    driver = {"name": "confiture-lint"}
    if options.version:
        driver |= {"version": options.version, "semanticVersion": options.version}
    if options.docs_url:
        driver["informationUri"] = options.docs_url
    notices += [_notification(gap.reason, _location(report, options, gap)) for gap in report.unanalysed]
    return (
        f'{{"$schema": {encode(SCHEMA)},\n'
        ' "version": "2.1.0",\n'
        ' "runs": [{\n'
        f'  "tool": {{"driver": {{{encode(driver)[1:-1]}, "rules": '
        f"{array(_rule(rule, options) for rule in report.rules)}}}}},\n"
        f'  "invocations": [{{"executionSuccessful": true, "toolExecutionNotifications": {array(notices)}}}],\n'
        '  "columnKind": "unicodeCodePoints",\n'
        f'  "results": {array(_results(findings, report, options))}\n'
        " }]}\n"
    )


def _within_limit(findings: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], list[dict[str, Any]]]:
    """Keep the report's order and at most `MAX_RESULTS`; say what was left out."""
    if len(findings) <= MAX_RESULTS:
        return findings, []
    by_weight = sorted(
        range(len(findings)),
        key=lambda at: (findings[at].suppressed is not None, findings[at].severity.rank),
    )
    kept = sorted(by_weight[:MAX_RESULTS])
    text = (
        f"{len(findings) - MAX_RESULTS} of {len(findings)} results are left out, the least severe ones: "
        f"code scanning takes {MAX_RESULTS}."
    )
    return tuple(findings[at] for at in kept), [_notification(text)]


def _notification(text: str, location: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a warning: level `error` would mean that the run failed (SARIF 2.1.0, 3.20.21)."""
    notification: dict[str, Any] = {"level": "warning", "message": {"text": text}}
    if location:
        notification["locations"] = [location]
    return notification


def _rule(rule: Rule[Any, Any], options: RenderOptions) -> dict[str, Any]:
    url = options.rule_url(rule.name)
    properties: dict[str, Any] = {
        "tags": [*dict.fromkeys((rule.family, "security"))] if rule.security else [rule.family],
        "problem.severity": _PROBLEMS[rule.severity],
    }
    if rule.security:
        properties["security-severity"] = _SECURITY[rule.severity]
    description = rule.description or rule.summary
    descriptor: dict[str, Any] = {
        "id": rule.name,
        "shortDescription": {"text": _cut(rule.summary)},
        "fullDescription": {"text": _cut(description)},
        "help": {
            "text": description + (f"\n\n{url}" if url else ""),
            "markdown": description + (f"\n\n[{rule.name}]({url})" if url else ""),
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }
    if url:
        descriptor["helpUri"] = url
    return descriptor


def _results(
    findings: tuple[Finding, ...], report: Report, options: RenderOptions
) -> Iterable[dict[str, Any]]:
    indexes = {rule.name: at for at, rule in enumerate(report.rules)}
    starts: dict[str, set[int]] = {}
    for finding in findings:
        line = report.lines(finding.path).position(finding.span.start).line
        starts.setdefault(finding.path, set()).add(line)
    hashes = {path: line_hashes(report.lines(path).data, wanted) for path, wanted in starts.items()}
    for finding in findings:
        line = report.lines(finding.path).position(finding.span.start).line
        result: dict[str, Any] = {"ruleId": finding.rule}
        if finding.rule in indexes:
            result["ruleIndex"] = indexes[finding.rule]
        yield result | {
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [_location(report, options, finding)],
            "partialFingerprints": {
                "primaryLocationLineHash": hashes[finding.path][line],
                **({"confitureLint/v1": finding.fingerprint} if finding.fingerprint else {}),
            },
            **_optional(finding, report, options),
            "suppressions": _suppressions(finding),
        }


def _message(finding: Finding) -> str:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    return _cut(text.replace("](", "\\]("))  # `int[](4)` is not a link (SARIF 2.1.0, 3.11.6)


def _optional(finding: Finding, report: Report, options: RenderOptions) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if finding.related:
        more["relatedLocations"] = [
            {"id": number, **_location(report, options, place), **_text("message", place.message)}
            for number, place in enumerate(finding.related, 1)
        ]
    if finding.fix:
        files: dict[str, list[Edit]] = {}
        for edit in finding.fix.edits:
            files.setdefault(edit.path, []).append(edit)
        more["fixes"] = [
            {
                **_text("description", finding.fix.title),
                "artifactChanges": [
                    {
                        "artifactLocation": _artifact(path, options),
                        "replacements": [_replacement(edit, report.lines(path)) for edit in edits],
                    }
                    for path, edits in files.items()
                ],
            }
        ]
    return more


def _replacement(edit: Edit, lines: LineIndex) -> dict[str, Any]:
    return {
        "deletedRegion": _region(lines, edit.span),
        **_text("insertedContent", edit.replacement),
    }


def _suppressions(finding: Finding) -> list[dict[str, Any]]:
    """Return none as `[]`: that says "not suppressed", absence would say "not known" (3.27.23)."""
    if finding.suppressed is None:
        return []
    kind, reason = finding.suppressed
    suppression = {"kind": _SUPPRESSIONS.get(kind, "external"), "status": "accepted"}
    return [suppression | {"justification": reason} if reason else suppression]


def _location(
    report: Report, options: RenderOptions, place: Finding | Related | Unanalysed
) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(place.path, options),
            "region": _region(report.lines(place.path), place.span),
        }
    }


def _artifact(path: str, options: RenderOptions) -> dict[str, Any]:
    return {"uri": file_uri(repository_path(path, options.prefix), "")}


def _region(lines: LineIndex, span: Span) -> dict[str, int]:
    start, end = lines.position(span.start), lines.position(span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _text(name: str, text: str) -> dict[str, Any]:
    """Return the property `name`, or nothing at all: code scanning refuses empty strings."""
    return {name: {"text": text}} if text else {}


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
