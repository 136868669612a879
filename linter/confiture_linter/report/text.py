"""`--format text`: what a person reads in a terminal."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.model import Finding, Fix, Related, Report, Severity, Span
from confiture_linter.report.excerpt import columns, excerpt, visible
from confiture_linter.report.options import RenderOptions
from confiture_linter.report.summary import count, summary_line

SHORT_LIST = 3
"""How many related and unanalysed places are shown when not verbose."""

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _BLUE, _CYAN = "1", "2", "1;31", "1;32", "1;33", "1;34", "1;36"
_COLORS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.INFO: _CYAN}


class _Frame(NamedTuple):
    """The lines drawn around a finding."""

    place: str
    bar: str
    related: str
    note: str
    last: str


_UNICODE = _Frame(place="╭─", bar="│", related="├─", note="├", last="╰")
_ASCII = _Frame(place="-->", bar="|", related=":::", note="=", last="=")


def render(report: Report, options: RenderOptions) -> str:
    """Return every finding with its source, then what was not analysed, statistics, and a summary.

    Lines and columns are 1-based, columns count code points; marks stand under terminal columns. Suppressed
    findings are left out.
    """
    return _Page(report, options).text()


class _Page:
    """One report on its way to the terminal."""

    def __init__(self, report: Report, options: RenderOptions) -> None:
        self.report = report
        self.options = options
        self.frame = _ASCII if options.ascii else _UNICODE
        self.shown = [finding for finding in report.findings if finding.suppressed is None]

    def text(self) -> str:
        """Put the parts together, an empty line between them."""
        parts = ["\n".join(self._finding(finding)) for finding in self.shown]
        parts += ["\n".join(lines) for lines in (self._unanalysed(), self._statistics()) if lines]
        parts.append("\n".join(self._summary()))
        return "\n\n".join(parts) + "\n"

    def _paint(self, color: str, text: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self.options.color and text else text

    def _plain(self, text: str) -> str:
        return visible(text, ascii_only=self.options.ascii)

    def _place(self, path: str, span: Span) -> str:
        line, column = self.report.lines(path).position(span.start)
        return f"{self._plain(path)}:{line}:{column}"

    def _finding(self, finding: Finding) -> Iterator[str]:
        frame, color = self.frame, _COLORS[finding.severity]
        related = finding.related if self.options.verbose else finding.related[:SHORT_LIST]
        margin = max(
            len(str(self.report.lines(path).position(span.start).line))
            for path, span in ((finding.path, finding.span), *((p.path, p.span) for p in related))
        )
        edge = " " * margin

        head, *rest = finding.message.splitlines() or [""]
        yield self._paint(color, f"{finding.severity}[{finding.rule}]") + self._paint(
            _BOLD, ": " + self._plain(head)
        )
        yield from (self._paint(_BOLD, "  " + self._plain(line)) for line in rest)
        yield f"{edge} {self._paint(_BLUE, frame.place)} {self._place(finding.path, finding.span)}"
        yield f"{edge} {self._paint(_BLUE, frame.bar)}"
        yield from self._source(finding, margin, "^", color)
        for place in related:
            yield f"{edge} {self._paint(_BLUE, frame.bar)}"
            yield (
                f"{edge} {self._paint(_BLUE, frame.related)} {self._place(place.path, place.span)}: "
                f"{self._plain(place.message)}"
            )
            yield from self._source(place, margin, "-", _BLUE)
        notes = list(self._notes(finding, len(finding.related) - len(related)))
        if notes:
            yield f"{edge} {self._paint(_BLUE, frame.bar)}"
        for number, (label, color, text) in enumerate(notes, 1):
            mark = frame.note if number < len(notes) else frame.last
            # A label, a colon and the frame stand left of what is wrapped.
            lines = self._wrap(text, self.options.width - margin - len(label) - 5)
            yield f"{edge} {self._paint(_BLUE, mark)} {self._paint(color, label + ':')} {lines[0]}"
            bar = self._paint(_BLUE, frame.bar) if number < len(notes) else " "
            yield from (f"{edge} {bar} {' ' * len(label)}  {line}".rstrip() for line in lines[1:])

    def _source(self, place: Finding | Related, margin: int, mark: str, color: str) -> Iterator[str]:
        lines = self.report.lines(place.path)
        room = max(20, self.options.width - margin - 3)
        shown = excerpt(lines, place.span, room, ascii_only=self.options.ascii)
        number = str(lines.position(place.span.start).line).rjust(margin)
        bar = self._paint(_BLUE, self.frame.bar)
        yield f"{self._paint(_BLUE, number)} {bar} {shown.text}".rstrip()
        yield f"{' ' * margin} {bar} {' ' * shown.indent}{self._paint(color, mark * shown.length)}"
        if shown.more:
            more = count(shown.more, "more line")
            yield f"{' ' * margin} {bar} {self._paint(_DIM, f'... {more}')}"

    def _notes(self, finding: Finding, hidden: int) -> Iterator[tuple[str, str, str]]:
        """Yield label, colour and text of what follows the source."""
        if hidden:
            yield "note", _CYAN, f"{count(hidden, 'more place')} (-v shows all)"
        if finding.help:
            yield "help", _CYAN, finding.help
        if finding.fix:
            yield "fix available", _GREEN, f"{finding.fix.title} ({_flag(finding.fix)})"
        if self.options.verbose and (url := self.options.rule_url(finding.rule)):
            yield "see", _CYAN, url

    def _wrap(self, text: str, width: int) -> list[str]:
        """Break `text` at spaces into lines of at most `width` columns; its own line ends stay."""
        lines = []
        for paragraph in text.splitlines() or [""]:
            line = ""
            for word in self._plain(paragraph).split(" "):
                if line and columns(line) + 1 + columns(word) > max(20, width):
                    lines.append(line)
                    line = word
                else:
                    line = f"{line} {word}" if line else word
            lines.append(line)
        return lines

    def _unanalysed(self) -> list[str]:
        places = self.report.unanalysed
        shown = places if self.options.verbose else places[:SHORT_LIST]
        label = self._paint(_YELLOW, "not analysed") + ":"
        lines = [f"{label} {self._place(p.path, p.span)}: {self._plain(p.reason)}" for p in shown]
        if len(places) > len(shown):
            lines.append(f"{label} {count(len(places) - len(shown), 'more place')} (-v lists all)")
        return lines

    def _statistics(self) -> list[str]:
        if not self.options.statistics or not self.report.findings:
            return []
        rows = [("count", "fixable", "suppressed", "severity", "rule")]
        rows += [
            (str(row.found), str(row.fixable or ""), str(row.suppressed or ""), row.severity.value, row.rule)
            for row in _tally(self.report.findings)
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = []
        for row in rows:
            cells = [
                cell.rjust(width) if at < 3 else cell.ljust(width)
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            if row is rows[0]:
                lines.append(self._paint(_DIM, "  ".join(cells).rstrip()))
                continue
            cells[3] = self._paint(_COLORS[Severity(row[3])], cells[3])
            lines.append("  ".join(cells).rstrip())
        return lines

    def _summary(self) -> Iterator[str]:
        summary = self.report.summary
        clear = not (summary.errors or summary.warnings or summary.infos or self.report.unanalysed)
        color = _RED if summary.errors else _GREEN if clear else _YELLOW
        yield self._paint(color, summary_line(self.report, verbose=self.options.verbose))
        fixes = [finding.fix for finding in self.shown if finding.fix]
        safe = sum(fix.safe for fix in fixes)
        if safe:
            more = f", {len(fixes) - safe} more with --unsafe-fixes" if len(fixes) > safe else ""
            yield f"{safe} fixable with --fix{more}."
        elif fixes:
            yield f"{len(fixes)} fixable with --unsafe-fixes."


class _Row(NamedTuple):
    """Counts of one rule."""

    rule: str
    severity: Severity
    found: int = 0
    fixable: int = 0
    suppressed: int = 0


def _tally(findings: tuple[Finding, ...]) -> list[_Row]:
    """Count per rule, the most severe first, then the most frequent."""
    rows: dict[str, _Row] = {}
    for finding in findings:
        row = rows.get(finding.rule) or _Row(finding.rule, finding.severity)
        live = finding.suppressed is None
        rows[finding.rule] = _Row(
            finding.rule,
            min(row.severity, finding.severity, key=lambda severity: severity.rank),
            row.found + live,
            row.fixable + (live and finding.fix is not None),
            row.suppressed + (not live),
        )
    return sorted(rows.values(), key=lambda row: (row.severity.rank, -row.found, row.rule))


def _flag(fix: Fix) -> str:
    return "--fix" if fix.safe else "--unsafe-fixes"
