"""`--format gitlab`: a Code Quality report for merge requests."""

import json
from hashlib import sha256
from typing import Any

from confiture_linter.model import Finding, Report, Severity, Span, Unanalysed
from confiture_linter.report.options import RenderOptions
from confiture_linter.report.places import repository_path

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, options: RenderOptions) -> str:
    """Return a flat JSON array, one object per line; suppressed findings are left out.

    GitLab shows one entry per fingerprint, so fingerprints are made unique. The interface hides the name of
    the check: it stands before the description too.
    """
    used: dict[str, int] = {}
    encode = json.JSONEncoder(ensure_ascii=False).encode
    entries = [
        encode(_finding(finding, _unused(finding.fingerprint, used), report, options))
        for finding in report.findings
        if finding.suppressed is None
    ]
    entries += [encode(_gap(gap, used, report, options)) for gap in report.unanalysed]
    return "[" + ",".join("\n " + entry for entry in entries) + ("\n]\n" if entries else "]\n")


def _finding(finding: Finding, fingerprint: str, report: Report, options: RenderOptions) -> dict[str, Any]:
    entry = {
        "description": _one_line(f"{finding.rule}: {finding.message}"),
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": _location(report, options, finding.path, finding.span),
    }
    body = "\n\n".join(filter(None, (finding.help, options.rule_url(finding.rule))))
    return entry | {"content": {"body": body}} if body else entry


def _gap(gap: Unanalysed, used: dict[str, int], report: Report, options: RenderOptions) -> dict[str, Any]:
    """Say what was not analysed as an entry too: the format has no other place for it."""
    identity = "\0".join(("not-analysed", gap.path, gap.reason))
    return {
        "description": _one_line(f"not analysed: {gap.reason}"),
        "check_name": "not-analysed",
        "fingerprint": _unused(sha256(identity.encode("utf-8", "surrogateescape")).hexdigest(), used),
        "severity": "info",
        "location": _location(report, options, gap.path, gap.span),
    }


def _location(report: Report, options: RenderOptions, path: str, span: Span) -> dict[str, Any]:
    lines = report.lines(path)
    return {
        "path": repository_path(path, options.prefix),
        "lines": {"begin": lines.position(span.start).line, "end": lines.position(span.end).line},
    }


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _unused(fingerprint: str, used: dict[str, int]) -> str:
    """Salt `fingerprint` until nobody has it; the report's order decides who keeps the plain one.

    `used` counts how often each fingerprint was asked for, so that many equal ones cost no search.
    """
    candidate = fingerprint
    while not candidate or candidate in used:
        used[fingerprint] = used.get(fingerprint, 0) + 1
        salted = f"{fingerprint}\0{used[fingerprint]}"
        candidate = sha256(salted.encode("utf-8", "surrogateescape")).hexdigest()
    used[candidate] = 0
    return candidate
