from collections.abc import Iterator

from confiture_linter.engine.context import Context, SuppressionNote
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="unused-suppression",
    subject=SuppressionNote,
    severity=Severity.WARNING,
    bad="-- confiture: ignore unused-suppression -- was needed once\nSELECT 1;",
    good="-- a plain comment\nSELECT 1;",
    at="unused-suppression",
    suppressible=False,
)
def unused_suppression(note: SuppressionNote, ctx: Context) -> Iterator[Finding]:
    """A suppression comment silences nothing.

    What it was written for is gone; left standing it will hide the next mistake of the same kind.

    *When not:* rules that are switched off are not counted, so a stricter configuration may still need the
    comment.

    *Instead:* remove the comment.
    """
    if note.what == "unused":
        yield note.finding(f"nothing is suppressed by {note.name} here", help="remove the comment")
