"""`--format json`: the document other programs read, version 1. Frozen: a change of shape is a new version.

Its JSON Schema is `schema/findings-1.json`. One finding per line, so that two runs can be compared.
"""

import json
from typing import Any

from confiture_linter.model import Edit, Finding, LineIndex, Report, Span, Unanalysed
from confiture_linter.report.options import RenderOptions

VERSION = 1


def render(report: Report, options: RenderOptions) -> str:
    """Return the document; suppressed findings are in it and say so.

    Lines and columns are 1-based, columns count code points, an end is the place behind the last character.
    """
    del options
    encode = json.JSONEncoder(ensure_ascii=False).encode

    def array(values: list[dict[str, Any]]) -> str:
        return "[" + ",".join("\n  " + encode(value) for value in values) + ("\n ]" if values else "]")

    summary = report.summary
    counts = {
        "files": summary.files,
        "statements": summary.statements,
        "objects": summary.objects,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "infos": summary.infos,
    }
    return (
        f'{{"version": {VERSION},\n'
        f' "findings": {array([_finding(finding, report) for finding in report.findings])},\n'
        f' "unanalysed": {array([_unanalysed(place, report) for place in report.unanalysed])},\n'
        f' "summary": {encode(counts)}}}\n'
    )


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "family": finding.family,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "file": finding.path,
        **_range(report.lines(finding.path), finding.span),
        "object": finding.object,
        "fix": finding.fix
        and {
            "safe": finding.fix.safe,
            "title": finding.fix.title,
            "edits": [_edit(edit, report) for edit in finding.fix.edits],
        },
        "related": [
            {"file": place.path, **_range(report.lines(place.path), place.span), "message": place.message}
            for place in finding.related
        ],
        "suppressed": finding.suppressed
        and {"kind": finding.suppressed.kind, "reason": finding.suppressed.reason},
        "fingerprint": finding.fingerprint,
    }


def _edit(edit: Edit, report: Report) -> dict[str, Any]:
    return {
        "file": edit.path,
        **_range(report.lines(edit.path), edit.span),
        "replacement": edit.replacement,
    }


def _unanalysed(place: Unanalysed, report: Report) -> dict[str, Any]:
    start = report.lines(place.path).position(place.span.start)
    return {"file": place.path, "start": start._asdict(), "reason": place.reason}


def _range(lines: LineIndex, span: Span) -> dict[str, Any]:
    return {
        "start": lines.position(span.start)._asdict(),
        "end": lines.position(span.end)._asdict(),
    }
