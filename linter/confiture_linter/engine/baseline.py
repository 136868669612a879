"""The baseline: findings that were there before the rule was; it only shrinks.

Keyed by path, rule and object with a count, never by line; one entry a line, sorted, so that merges are
trivial (docs/adr/0005-baseline.md).
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from confiture_linter.model import ConfigError, Finding, Problem, Suppression

Key = tuple[str, str, str]
"""Path, rule, object."""


class BaselineEntry(NamedTuple):
    """`times` findings of one rule on one object."""

    path: str
    rule: str
    object: str
    times: int


def read_baseline(path: str) -> tuple[BaselineEntry, ...]:
    """Read a baseline file; raises `ConfigError` if it is not one. A missing file is an empty baseline."""
    try:
        text = Path(path).read_text("utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError((Problem(path, 0, 0, f"cannot read the baseline: {error}"),)) from None
    try:
        document = json.loads(text)
        entries = tuple(
            BaselineEntry(str(item["path"]), str(item["rule"]), str(item["object"]), int(item["count"]))
            for item in document["findings"]
        )
    except json.JSONDecodeError as error:
        problem = Problem(path, error.lineno, error.colno, f"the baseline is not JSON: {error.msg}")
        raise ConfigError((problem,)) from None
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ConfigError(
            (
                Problem(
                    path, 0, 0, "this is not a baseline", "write one with `confiture-lint baseline update`"
                ),
            )
        ) from None
    if document.get("version") != 1:
        raise ConfigError((Problem(path, 0, 0, "unknown baseline version", "this release reads version 1"),))
    return entries


def baseline_text(findings: Iterable[Finding]) -> str:
    """The baseline that accepts exactly `findings`."""
    counts = Counter(key_of(finding) for finding in findings)
    return entries_text(BaselineEntry(*key, count) for key, count in counts.items())


def entries_text(entries: Iterable[BaselineEntry]) -> str:
    """Baseline entries as a file: sorted, one a line."""
    lines = [
        json.dumps({"path": e.path, "rule": e.rule, "object": e.object, "count": e.times}, ensure_ascii=False)
        for e in sorted(entries)
    ]
    body = ",\n".join("  " + line for line in lines)
    return '{"version": 1, "findings": [\n' + body + ("\n" if body else "") + "]}\n"


def key_of(finding: Finding) -> Key:
    """What the baseline recognises a finding by."""
    return finding.path, finding.rule, finding.object


def apply_baseline(
    findings: list[Finding], entries: tuple[BaselineEntry, ...]
) -> tuple[list[Finding], list[BaselineEntry]]:
    """Mark known findings as suppressed; also return what the baseline lists and is gone."""
    left = Counter({(e.path, e.rule, e.object): e.times for e in entries})
    result = []
    for finding in findings:
        key = key_of(finding)
        if finding.suppressed is None and left[key] > 0:
            left[key] -= 1
            finding = finding._replace(suppressed=Suppression("baseline"))
        result.append(finding)
    stale = [BaselineEntry(*key, count) for key, count in sorted(left.items()) if count > 0]
    return result, stale
