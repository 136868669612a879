"""`--format concise`: one line per finding, for editors and for `grep`."""

from collections.abc import Iterator

from confiture_linter.model import Report
from confiture_linter.report.options import RenderOptions
from confiture_linter.report.summary import summary_line


def render(report: Report, options: RenderOptions) -> str:
    """Return `path:line:column: severity rule message` per finding, then the summary.

    Lines and columns are 1-based, columns count code points. Suppressed findings are left out; places that
    could not be analysed are listed when verbose and always counted.
    """
    return "\n".join(_lines(report, options)) + "\n"


def _lines(report: Report, options: RenderOptions) -> Iterator[str]:
    for finding in report.findings:
        if finding.suppressed is None:
            line, column = report.lines(finding.path).position(finding.span.start)
            yield _one_line(
                f"{finding.path}:{line}:{column}: {finding.severity} {finding.rule} {finding.message}"
            )
    if options.verbose:
        for place in report.unanalysed:
            line, column = report.lines(place.path).position(place.span.start)
            yield _one_line(f"{place.path}:{line}:{column}: not analysed: {place.reason}")
    yield summary_line(report, verbose=options.verbose)


def _one_line(text: str) -> str:
    """Make one line of several; what a terminal would obey rather than show becomes a space."""
    if text.isprintable():
        return text
    return " ".join("".join(c if c.isprintable() or c > "\x9f" else " " for c in text).split())
