"""`--format gitlab`: a Code Quality report for merge requests."""

import json
from hashlib import sha256
from typing import Any

from confiture_linter.model import Finding, Report, Severity
from confiture_linter.report.options import RenderOptions
from confiture_linter.report.places import repository_path

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, options: RenderOptions) -> str:
    """Return a flat JSON array, one object per finding and line; suppressed findings are left out.

    GitLab shows one entry per fingerprint, so fingerprints are made unique. The interface hides the name of
    the check: it stands before the description too.
    """
    used: set[str] = set()
    encode = json.JSONEncoder(ensure_ascii=False).encode
    entries = [
        encode(_entry(finding, _unused(finding.fingerprint, used), report, options))
        for finding in report.findings
        if finding.suppressed is None
    ]
    return "[" + ",".join("\n " + entry for entry in entries) + ("\n]\n" if entries else "]\n")


def _entry(finding: Finding, fingerprint: str, report: Report, options: RenderOptions) -> dict[str, Any]:
    lines = report.lines(finding.path)
    entry: dict[str, Any] = {
        "description": f"{finding.rule}: {finding.message}",
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": repository_path(finding.path, options.prefix),
            "lines": {
                "begin": lines.position(finding.span.start).line,
                "end": lines.position(finding.span.end).line,
            },
        },
    }
    body = "\n\n".join(filter(None, (finding.help, options.rule_url(finding.rule))))
    if body:
        entry["content"] = {"body": body}
    return entry


def _unused(fingerprint: str, used: set[str]) -> str:
    """Salt `fingerprint` with itself until nobody has it; the report's order decides who keeps the plain one."""
    candidate = fingerprint
    while not candidate or candidate in used:
        candidate = sha256(f"{candidate}\0{fingerprint}".encode()).hexdigest()
    used.add(candidate)
    return candidate
