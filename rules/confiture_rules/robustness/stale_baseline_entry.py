from collections.abc import Iterator

from confiture_linter.engine.context import Context, StaleEntry
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="stale-baseline-entry",
    subject=StaleEntry,
    severity=Severity.WARNING,
    bad="SELECT 1;",
    good="SELECT 1;",
    at="",
    suppressible=False,
)
def stale_baseline_entry(entry: StaleEntry, ctx: Context) -> Iterator[Finding]:
    """The baseline accepts a finding that is gone.

    The baseline only shrinks: an entry left behind would accept the same mistake when it comes back.

    *When not:* never; the mistake is mended.

    *Instead:* `confiture-lint baseline prune`.
    """
    item = entry.entry
    about = f" on {item.object}" if item.object else ""
    yield entry.finding(
        f"the baseline accepts {item.rule}{about}, which is no longer found",
        help="run confiture-lint baseline prune",
    )
