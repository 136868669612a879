from collections.abc import Iterator

from confiture_linter.engine.context import Context, SuppressionNote
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="reasonless-suppression",
    subject=SuppressionNote,
    severity=Severity.INFO,
    preset=Preset.STRICT,
    bad="-- confiture: ignore syntax-error\nSELECT 1;",
    good="-- confiture: ignore syntax-error -- kept for the parser's own tests\nSELECT 1;",
    at="-- confiture",
    suppressible=True,
)
def reasonless_suppression(note: SuppressionNote, ctx: Context) -> Iterator[Finding]:
    """A suppression comment gives no reason.

    In a year nobody will know whether it may go.

    *When not:* teams that document exceptions elsewhere leave the rule off.

    *Instead:* `-- confiture: ignore rule-name -- the reason`.
    """
    if note.what == "reasonless":
        yield note.finding(
            "the suppression gives no reason", help="add one: -- confiture: ignore rule-name -- reason"
        )
