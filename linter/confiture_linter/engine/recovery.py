"""The slow way through a file: statement by statement, so that one bad statement hides no other."""

from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.model import Span, Unanalysed
from confiture_linter.parse import ParseFailure, on_deep_stack, parse_statements
from confiture_linter.sources.dialect import guess_dialect
from confiture_linter.sources.split import recover_boundaries, split_statements
from confiture_linter.statements import Statement, summarise
from confiture_linter.statements.facts import Unparsed

LARGE_STATEMENT_BYTES = 2 * 1024 * 1024
"""A single statement above this (a bulk INSERT) is set aside: its syntax tree would take a gigabyte."""

FLOOD = 20
"""More syntax errors than this in one file are reported as one."""

_DIALECTS = {
    "mysql": "MySQL",
    "sqlite": "SQLite",
    "mssql": "SQL Server",
    "oracle": "Oracle",
    "clickhouse": "ClickHouse",
    "bigquery": "BigQuery",
    "spark": "Spark SQL",
}

_LIMITS = ("memory exhausted", "stack depth limit exceeded")

Substitutions = tuple[tuple[str, str], ...]


def recovered_facts(path: str, text: bytes, substitutions: Substitutions, base: int = 0) -> FileFacts:
    """Parse each statement of `text` by itself and keep what can be kept; `base` is added to every offset."""
    reader = _Reader(path, text, substitutions, base)
    for start, end in split_statements(text):
        reader.statement(start, end)
    return reader.facts()


class _Reader:
    def __init__(self, path: str, text: bytes, substitutions: Substitutions, base: int) -> None:
        self.path = path
        self.base = base
        self.text = text
        self.substitutions = substitutions
        self.tokens = [token.encode() for token, _ in substitutions]
        self.statements: list[Statement] = []
        self.unanalysed: list[Unanalysed] = []
        self.failures: list[Statement] = []

    def facts(self) -> FileFacts:
        if len(self.failures) > 1 or (self.failures and not self.statements):
            self._name_dialect()
        statements = sorted([*self.statements, *self.failures], key=lambda s: s.start)
        return FileFacts(self.path, tuple(statements), tuple(self.unanalysed))

    def statement(self, start: int, end: int) -> None:
        if end - start > LARGE_STATEMENT_BYTES:
            self._set_aside(start, end, f"statement of {(end - start) // 1_000_000} MB")
            return
        failure = self._try(start, end)
        if failure is None:
            return
        pieces = recover_boundaries(self.text, start, end)
        if len(pieces) > 1:
            kept = len(self.statements)
            failures = [(piece, self._try(*piece)) for piece in pieces]
            if len(self.statements) > kept:
                for (begin, finish), problem in failures:
                    if problem is not None:
                        self._refused(begin, finish, problem)
                return
        self._refused(start, end, failure)

    def _try(self, start: int, end: int) -> ParseFailure | None:
        piece = self.text[start:end]
        decoded = piece.decode("utf-8", "replace")
        try:
            try:
                found = self._summarised(decoded, piece, start)
            except RecursionError:
                found = on_deep_stack(self._summarised, decoded, piece, start)
        except ParseFailure as failure:
            return failure
        except RecursionError:
            return ParseFailure("stack depth limit exceeded", -1)
        self.statements.extend(found)
        return None

    def _summarised(self, decoded: str, piece: bytes, start: int) -> list[Statement]:
        found: list[Statement] = []
        for raw in parse_statements(decoded, len(piece)):
            found.extend(summarise(raw, piece, start + self.base))
        return found

    def _refused(self, start: int, end: int, failure: ParseFailure) -> None:
        if failure.message.startswith(_LIMITS):
            self._set_aside(start, end, f"PostgreSQL's parser gives up: {failure.message}")
            return
        template = any(token in self.text[start:end] for token in self.tokens)
        if template:
            self._set_aside(start, end, "a placeholder stands in it and it does not parse without its value")
            return
        at = start + failure.offset if failure.offset >= 0 else start
        unparsed = Unparsed(failure.message, min(at, len(self.text)) + self.base, False)
        self.failures.append(Statement(start + self.base, end + self.base, unparsed))

    def _set_aside(self, start: int, end: int, reason: str) -> None:
        span = Span(start + self.base, end + self.base)
        self.unanalysed.append(Unanalysed(self.path, span, reason))

    def _name_dialect(self) -> None:
        """Many errors at once have one reason: say it once, at the first."""
        dialect = guess_dialect(self.text)
        if dialect is None and len(self.failures) <= FLOOD:
            return
        first = min(self.failures, key=lambda s: s.start)
        fact = first.fact
        if not isinstance(fact, Unparsed):
            return
        others = sorted((failure for failure in self.failures if failure is not first), key=lambda s: s.start)
        same = all(isinstance(o.fact, Unparsed) and o.fact.message == fact.message for o in others)
        count = len(self.failures)
        counted = f"{count} statement{'s' if count > 1 else ''} refused"
        if dialect:
            reason = f"the file looks like {_DIALECTS.get(dialect, dialect)}, not PostgreSQL"
        else:
            reason = "the same mistake" if same else "the file does not look like SQL"
        shown = others if len(others) <= FLOOD else others[:1]
        more = (
            f"; it is the same with {len(others) - 1} more statements of the file"
            if len(shown) < len(others)
            else ""
        )
        for failure in shown:
            self._set_aside(
                failure.start - self.base, failure.end - self.base, (fact.message if same else reason) + more
            )
        self.failures = [first._replace(fact=fact._replace(message=f"{fact.message}; {reason} ({counted})"))]
