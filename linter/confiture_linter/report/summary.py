"""The last line of every report a person reads."""

from confiture_linter.model import Report


def count(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def summary_line(report: Report, *, verbose: bool = False) -> str:
    """Say in one line what was found, in how much; counts come from `Report.summary`.

    `verbose` adds how many findings are suppressed.
    """
    summary = report.summary
    extent = f"{count(summary.statements, 'statement')}, {count(summary.objects, 'object')}"
    found = [
        count(number, noun)
        for number, noun in (
            (summary.errors, "error"),
            (summary.warnings, "warning"),
            (summary.infos, "info"),
        )
        if number
    ]
    files = count(summary.files, "file")
    if found:
        sentences = [f"Found {', '.join(found)} in {files} ({extent})."]
    elif report.unanalysed:
        sentences = [f"Nothing found in {files} ({extent})."]
    elif not summary.files:
        sentences = ["Nothing to check: no files."]
    else:
        sentences = [f"All clear: {files}, {extent}."]
    if report.unanalysed:
        sentences.append(f"{count(len(report.unanalysed), 'place')} could not be analysed.")
    if verbose and summary.suppressed:
        sentences.append(f"{count(summary.suppressed, 'finding')} suppressed.")
    return " ".join(sentences)
