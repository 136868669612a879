"""`--format html`: one page without network that lets a person walk through the findings, by rule, object or file.

Its frame and look are those of every page of ours (`confiture_linter.page`); its own parts lie in `findings_page`.
"""

from typing import Any

from confiture_linter.model import Finding, LineIndex, Report, Span
from confiture_linter.model.passwords import without_passwords
from confiture_linter.page import document, own_file
from confiture_linter.report.options import RenderOptions
from confiture_linter.report.summary import summary_line

LINES = 7
"""Most lines of source that an excerpt shows."""
WIDEST = 400
"""Longer lines are cut here: a seed's INSERT can be a megabyte long."""


def render(report: Report, options: RenderOptions) -> str:
    """Return the page; suppressed findings are in it, and hidden until they are asked for."""
    return document(
        "findings",
        "Findings",
        own_file(__package__, "findings_page/body.html"),
        _data(report, options),
        style=own_file(__package__, "findings_page/findings.css"),
        script=own_file(__package__, "findings_page/findings.js"),
    )


def _data(report: Report, options: RenderOptions) -> dict[str, object]:
    """Everything the page shows; what many findings share, such as what a rule says of itself, is there once."""
    rules = {rule.name: rule for rule in report.rules}
    used = sorted({finding.rule for finding in report.findings})
    return {
        "summary": summary_line(report, verbose=True),
        "files": report.summary.files,
        "rules": {
            name: [rules[name].summary, options.rule_url(name), rules[name].description]
            for name in used
            if name in rules
        },
        "findings": [_finding(finding, report) for finding in report.findings],
        "unanalysed": [
            [place.path, report.lines(place.path).position(place.span.start).line, place.reason]
            for place in report.unanalysed
        ],
    }


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    lines = report.lines(finding.path)
    start = lines.position(finding.span.start)
    made: dict[str, Any] = {
        "rule": finding.rule,
        "family": finding.family,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.path,
        "line": start.line,
        "column": start.column,
        "object": finding.object,
        "source": _excerpt(lines, finding.span),
    }
    if finding.help:
        made["help"] = finding.help
    if finding.fix is not None:
        made["fix"] = [finding.fix.title, finding.fix.safe]
    if finding.related:
        made["related"] = [
            [place.path, report.lines(place.path).position(place.span.start).line, place.message]
            for place in finding.related
        ]
    if finding.suppressed is not None:
        made["suppressed"] = [finding.suppressed.kind, finding.suppressed.reason]
    return made


def _excerpt(lines: LineIndex, span: Span) -> list[object]:
    """Number of the first line, then for each line what stands before, in, and behind the mark."""
    first, last = lines.position(span.start), lines.position(span.end)
    shown: list[object] = []
    final = min(last.line, first.line + LINES - 1)
    for number in range(first.line, final + 1):
        text = without_passwords(lines.line_text(number))
        begin = first.column - 1 if number == first.line else len(text) - len(text.lstrip())
        end = last.column - 1 if number == last.line else len(text)
        shown.append(_marked(text, min(begin, len(text)), max(min(end, len(text)), begin)))
    return [first.line, shown, last.line - final]


def _marked(text: str, begin: int, end: int) -> list[str]:
    """The three parts of a line; of a line too long to show, what is around the beginning of the mark."""
    if len(text) <= WIDEST:
        return [text[:begin], text[begin:end], text[end:]]
    low = max(0, begin - WIDEST // 4)
    high = low + WIDEST
    before = ("…" if low else "") + text[low:begin]
    return [before, text[begin : min(end, high)], text[end:high] + ("…" if high < len(text) else "")]
