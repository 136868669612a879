"""`--format github`: workflow commands, which GitHub Actions turns into annotations."""

from collections.abc import Iterator

from confiture_linter.model import Report, Severity, Span
from confiture_linter.report.options import RenderOptions
from confiture_linter.report.places import repository_path
from confiture_linter.report.summary import summary_line

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, options: RenderOptions) -> str:
    """Return one workflow command per finding, the most severe first, then a plain summary line.

    A step shows about ten errors and ten warnings: that is why severity comes first here. Within one severity
    the order is the report's. Lines and columns are 1-based, columns count code points.
    """
    return "\n".join(_lines(report, options)) + "\n"


def _lines(report: Report, options: RenderOptions) -> Iterator[str]:
    shown = [finding for finding in report.findings if finding.suppressed is None]
    for finding in sorted(shown, key=lambda finding: finding.severity.rank):
        place = _place(report, options, finding.path, finding.span)
        message = f"{finding.message}\n{finding.help}" if finding.help else finding.message
        yield _command(_LEVELS[finding.severity], place, finding.rule, message)
    for gap in report.unanalysed:
        place = _place(report, options, gap.path, gap.span)
        yield _command("notice", place, "not analysed", gap.reason)
    yield summary_line(report, verbose=options.verbose)


def _place(report: Report, options: RenderOptions, path: str, span: Span) -> dict[str, object]:
    lines = report.lines(path)
    start, end = lines.position(span.start), lines.position(span.end)
    place: dict[str, object] = {
        "file": repository_path(path, options.prefix),
        "line": start.line,
        "endLine": end.line,
    }
    if start.line == end.line:  # GitHub refuses columns of a range over several lines
        place |= {"col": start.column, "endColumn": end.column}
    return place


def _command(level: str, place: dict[str, object], title: str, message: str) -> str:
    properties = place | {"title": f"confiture-lint ({title})"}
    text = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {text}::{_data(message)}"


def _data(text: str) -> str:
    """Escape the text behind the second `::`."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape the value of a property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
