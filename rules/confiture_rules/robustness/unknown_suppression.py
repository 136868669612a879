from collections.abc import Iterator

from confiture_linter.engine.context import Context, SuppressionNote
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="unknown-suppression",
    subject=SuppressionNote,
    severity=Severity.WARNING,
    bad="-- confiture: ignore no-such-rule -- legacy\nSELECT 1;",
    good="-- a plain comment\nSELECT 1;",
    at="no-such-rule",
    suppressible=False,
)
def unknown_suppression(note: SuppressionNote, ctx: Context) -> Iterator[Finding]:
    """A suppression comment names no rule, or one that does not exist.

    It silences nothing, though its author believes it does.

    *When not:* never; the comment does nothing.

    *Instead:* `-- confiture: ignore rule-name -- reason`; `confiture-lint rules` lists the names.
    """
    if note.what == "unknown":
        yield note.finding(
            f"no rule or family is called {note.name}", help="`confiture-lint rules` lists the names"
        )
    elif note.what == "unnamed":
        yield note.finding(
            "the suppression names no rule", help="write -- confiture: ignore rule-name -- reason"
        )
