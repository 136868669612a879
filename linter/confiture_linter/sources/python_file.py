"""From the text of a Python migration to the SQL that it runs, by libcst."""

from typing import TYPE_CHECKING

from confiture_linter.model import Span
from confiture_linter.sources.django_names import NOTHING, DjangoNames
from confiture_linter.sources.embedded import Embedded

if TYPE_CHECKING:
    import libcst as cst

Notes = list[tuple[Span, str]]


def expect_python() -> None:
    """Import what reading needs: once, before a second process parts from the first."""
    import libcst.metadata  # noqa: F401 - for its effect


def read_python(
    data: bytes, path: str = "", names: DjangoNames = NOTHING
) -> tuple[tuple[Embedded, ...], Notes]:
    """Find the SQL of one migration in valid UTF-8, and what could not be told.

    `path` and `names` are for Django, whose tables are named after the folder and the models of other files.
    """
    import libcst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    from confiture_linter.sources.python_migration import Reader
    from confiture_linter.sources.python_values import Values

    mark = b"\xef\xbb\xbf"
    skipped = len(mark) if data.startswith(mark) else 0
    try:
        module = libcst.parse_module(data[skipped:], libcst.PartialParserConfig(encoding="utf-8"))
    except libcst.ParserSyntaxError as error:
        at = _line_start(data, _error_line(data, error.raw_line))
        return (), [(Span(at, at), "not Python that can be read: a syntax error on this line")]
    except RecursionError:
        return (), [(Span(0, 0), "its expressions are nested too deeply to be read")]
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    spans = wrapper.resolve(ByteSpanPositionProvider)

    def place(node: "cst.CSTNode") -> tuple[int, int]:
        span = spans[node]
        start = span.start + skipped
        return start, start + span.length

    reader = Reader(Values(data, place), path, names)
    try:
        reader.module(module)
    except RecursionError:
        reader.notes.append((Span(0, 0), "its expressions are nested too deeply to be read"))
    return tuple(reader.found), reader.notes


def _error_line(data: bytes, reported: int) -> int:
    """The line of a syntax error; libcst names the line where it gave up."""
    import ast

    try:
        ast.parse(data)
    except SyntaxError as error:
        return error.lineno or reported
    except (ValueError, RecursionError, MemoryError):
        return reported
    return reported


def _line_start(data: bytes, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = data.find(b"\n", at) + 1
    return at
