"""`--format lsp`: diagnostics of the Language Server Protocol 3.17, for editors without a server of ours."""

import json
from typing import Any

from confiture_linter.model import Edit, Finding, LineIndex, Report, Severity, Span, Unanalysed
from confiture_linter.report.options import RenderOptions
from confiture_linter.report.places import file_uri

VERSION = 1

_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}
_HOST_LANGUAGES = (".py", ".yaml", ".yml")
"""Files that hold SQL inside something else, where a new line with an SQL comment would break them."""


_NO_FIX: dict[str, Any] = {"title": "", "safe": False, "edits": []}


def render(report: Report, options: RenderOptions) -> str:
    """Return `{"version": 1, "files": [{"uri", "version", "diagnostics"}]}`; clean files have `[]`.

    Positions are 0-based, characters count UTF-16 units. Suppressed findings are left out. `data` is what a
    code action needs: the fix, and the comments that would suppress the finding.
    """
    diagnostics: dict[str, list[dict[str, Any]]] = {path: [] for path in report.files}
    suppressible = {rule.name for rule in report.rules if rule.suppressible}
    for finding in report.findings:
        if finding.suppressed is None:
            diagnostics.setdefault(finding.path, []).append(
                _diagnostic(finding, report, options, suppressible=finding.rule in suppressible)
            )
    for gap in report.unanalysed:
        diagnostics.setdefault(gap.path, []).append(_gap(gap, report))
    encode = json.JSONEncoder(ensure_ascii=False).encode
    files = [
        "\n  " + encode({"uri": file_uri(path, options.root), "version": None, "diagnostics": found})
        for path, found in diagnostics.items()
    ]
    return f'{{"version": {VERSION},\n "files": [{",".join(files)}' + ("\n ]}\n" if files else "]}\n")


def _diagnostic(
    finding: Finding, report: Report, options: RenderOptions, *, suppressible: bool
) -> dict[str, Any]:
    lines = report.lines(finding.path)
    diagnostic: dict[str, Any] = {
        "range": _range(lines, finding.span),
        "severity": _SEVERITIES[finding.severity],
        "code": finding.rule,
    }
    if url := options.rule_url(finding.rule):
        diagnostic["codeDescription"] = {"href": url}
    diagnostic |= {
        "source": "confiture-lint",
        "message": f"{finding.message}\n{finding.help}" if finding.help else finding.message,
        "relatedInformation": [
            {
                "location": {
                    "uri": file_uri(place.path, options.root),
                    "range": _range(report.lines(place.path), place.span),
                },
                "message": place.message,
            }
            for place in finding.related
        ],
        "data": {"fingerprint": finding.fingerprint, **_fix(finding, lines)},
    }
    comments = suppressible and not finding.path.endswith(_HOST_LANGUAGES)
    diagnostic["data"] |= {
        "suppress_line": _suppress_line(finding, lines) if comments else None,
        "suppress_file": _suppress_file(finding, lines) if comments else None,
    }
    return diagnostic


def _gap(gap: Unanalysed, report: Report) -> dict[str, Any]:
    """Say what was not analysed as information: silence would look like a clean file."""
    return {
        "range": _range(report.lines(gap.path), gap.span),
        "severity": _SEVERITIES[Severity.INFO],
        "code": "not-analysed",
        "source": "confiture-lint",
        "message": f"not analysed: {gap.reason}",
        "relatedInformation": [],
        "data": {"fingerprint": "", **_NO_FIX, "suppress_line": None, "suppress_file": None},
    }


def _fix(finding: Finding, lines: LineIndex) -> dict[str, Any]:
    """Return title and edits; none where an edit is in another file: a TextEdit cannot say which."""
    fix = finding.fix
    if fix is None or any(edit.path != finding.path for edit in fix.edits):
        return _NO_FIX
    return {"title": fix.title, "safe": fix.safe, "edits": [_text_edit(edit, lines) for edit in fix.edits]}


def _text_edit(edit: Edit, lines: LineIndex) -> dict[str, Any]:
    return {"range": _range(lines, edit.span), "newText": edit.replacement}


def _suppress_line(finding: Finding, lines: LineIndex) -> dict[str, Any]:
    """Insert a comment on a line of its own above the finding, indented alike; the reason is the user's."""
    line = lines.position(finding.span.start).line
    text = lines.line_text(line)
    indentation = text[: len(text) - len(text.lstrip(" \t"))]
    return _insert(line - 1, f"{indentation}-- confiture: ignore {finding.rule} -- {_line_end(lines)}")


def _suppress_file(finding: Finding, lines: LineIndex) -> dict[str, Any]:
    return _insert(0, f"-- confiture: ignore-file {finding.rule} -- {_line_end(lines)}")


def _insert(line: int, text: str) -> dict[str, Any]:
    place = {"line": line, "character": 0}
    return {"range": {"start": place, "end": place}, "newText": text}


def _line_end(lines: LineIndex) -> str:
    """Return the line end of the text, as its first line has it."""
    return "\r\n" if lines.data[: lines.data.find(b"\n") + 1].endswith(b"\r\n") else "\n"


def _range(lines: LineIndex, span: Span) -> dict[str, Any]:
    return {"start": lines.utf16(span.start)._asdict(), "end": lines.utf16(span.end)._asdict()}
