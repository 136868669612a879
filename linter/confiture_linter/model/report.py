"""The answer of one run, as every renderer receives it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from confiture_linter.model.finding import Finding, Unanalysed
from confiture_linter.model.rule import Rule
from confiture_linter.model.span import LineIndex


class Summary(NamedTuple):
    """Counts of one run; suppressed findings are not in errors, warnings and infos."""

    files: int = 0
    statements: int = 0
    objects: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    suppressed: int = 0


class Report(NamedTuple):
    """Everything a renderer may show; renderers decide form, never content or order."""

    findings: tuple[Finding, ...]
    """Sorted by path, start and rule; suppressed ones included, marked by `Finding.suppressed`."""
    unanalysed: tuple[Unanalysed, ...]
    summary: Summary
    rules: tuple[Rule[Any, Any], ...]
    """All rules that were on, sorted by name."""
    lines: Callable[[str], LineIndex]
    """The text of a path named by a finding, as it was analysed."""
    files: tuple[str, ...] = ()
    """All files that were reported on, clean ones too; relative to the working directory, `/` separated."""
