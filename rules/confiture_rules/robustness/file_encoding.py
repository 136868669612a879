from collections.abc import Iterator

from confiture_linter.engine.context import Context, File
from confiture_linter.model import Finding, Severity, rule

_KINDS = frozenset({"encoding", "utf-16", "nul-byte", "binary", "unreadable", "too-large"})


@rule(
    name="file-encoding",
    subject=File,
    severity=Severity.ERROR,
    bad="SELECT 'a' AS letter;\0\n",
    good="SELECT 'é' AS letter;\n",
    at="\0",
    suppressible=False,
)
def file_encoding(file: File, ctx: Context) -> Iterator[Finding]:
    """A file cannot be read as UTF-8 text.

    psql and migration tools send the bytes as they are; the server refuses what is not valid in the client
    encoding, or stores the wrong characters.

    *When not:* a byte-order mark and CRLF line ends are read without complaint.

    *Instead:* save the file as UTF-8, without NUL bytes.
    """
    for problem in file.source.problems:
        if problem.kind in _KINDS:
            text = problem.kind in ("encoding", "utf-16", "nul-byte")
            help = "save the file as UTF-8 text" if text else "make it readable, or exclude it"
            yield file.finding(problem.message, span=problem.span, help=help)
