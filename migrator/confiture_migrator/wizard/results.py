"""What is shown of a dry-run, and at the end: values → lines. Pure."""

from collections.abc import Mapping, Sequence

from confiture_migrator.plan.values import PlannedMigration
from confiture_migrator.rehearse.values import DryRun, MigrationReport
from confiture_migrator.wizard.page import Page, counted, spoken
from confiture_migrator.wizard.values import Story

MOST_CHANGES = 12
"""Changes of one migration that are listed; the rest is counted."""


def dry_run(page: Page, made: DryRun, environment: str) -> list[str]:
    """What PostgreSQL did, and where that is not what was predicted."""
    names = ", ".join(report.name for report in made.migrations)
    lines = [page.rule(f"dry-run of {names}")]
    lines += page.wrapped(f"on the {made.on}, PostgreSQL {made.server_version}, {made.basis}", "  ")
    for report in made.migrations:
        lines += _report(page, report, environment)
    for note in made.notes:
        lines += page.wrapped(f"note: {note}", "  ")
    return [*lines, ""]


def _report(page: Page, report: MigrationReport, environment: str) -> list[str]:
    verdict = page.paint("✓ came through", "green") if report.ok else page.paint("✗ FAILED", "red")
    lines = [f"  {verdict} in {spoken(report.seconds)}"]
    if report.error:
        lines += page.wrapped(report.error, "    ")
    for step in report.steps:
        head = f"    line {step.line}  "
        end = f"  {spoken(step.seconds)}"
        lines.append(head + page.cropped(step.sql, max(page.width - len(head) - len(end) - 1, 20)) + end)
        told = [
            f"{lock.mode.value} on {name}, held {spoken(lock.held_seconds)}"
            for name, lock in sorted(step.locks.items())
        ]
        told += [
            f"{name}: {rows.inserted} inserted, {rows.updated} updated, {rows.deleted} deleted"
            for name, rows in sorted(step.rows.items())
        ]
        told += [f"rewrites {name}" for name in step.rewrites]
        for text in told:
            lines += page.wrapped(text, "      ")
        for text in step.differences:
            lines += page.wrapped(f"⚠ not as predicted: {text}", "      ")
    for hook in report.hooks:
        how = (
            f"left out: {hook.skipped}"
            if hook.skipped
            else f"{spoken(hook.seconds)}, {counted(hook.rows, 'row')}"
        )
        lines += page.wrapped(f"{hook.phase}: {hook.type}: {how}{'' if hook.ok else ', FAILED'}", "    ")
    for what, changes in (("index", report.indexes), ("constraint", report.constraints)):
        for verb in ("added", "dropped"):
            for name in changes[verb]:
                lines += page.wrapped(f"{what} {verb}: {name}", "    ")
    return lines + page.wrapped(f"estimate for {environment or 'the target'}: {_estimate(report)}", "    ")


def _estimate(report: MigrationReport) -> str:
    made = report.estimate
    if made.seconds is None:
        return f"not known; {made.basis}"
    between = (
        f" ({spoken(made.low)} to {spoken(made.high)})"
        if made.low is not None and made.high is not None
        else ""
    )
    return f"{spoken(made.seconds)}{between}, confidence {made.confidence:.2f}; {made.basis}"


def applied(page: Page, story: Story) -> list[str]:
    """One migration that was applied."""
    rows = f", {counted(story.rows, 'row')}" if story.rows else ""
    return [f"  {page.paint('✓', 'green')} {story.name} applied in {spoken(story.seconds)}{rows}", ""]


def failed(page: Page, error: str) -> list[str]:
    """What went wrong, in the words of whoever noticed it."""
    first, *rest = page.wrapped(error, "  ✗ ", "    ")
    return ["", page.paint(first, "red"), *rest, ""]


class Ending:
    """What there is to say at the end."""

    def __init__(self, options: str) -> None:
        self.options = options
        """What leads another command to the same database: ` --env production`."""
        self.resume = ""
        """The plan with which a migration that stopped half-way goes on."""
        self.stories: list[Story] = []
        self.remarks: dict[str, Sequence[str]] = {}
        self.ways_back: dict[str, PlannedMigration] = {}
        self.skipped: list[str] = []
        self.left: list[str] = []
        self.failed: str = ""


def summary(page: Page, ending: Ending) -> list[str]:
    """What was done, what to look at, what changed, and how to go back."""
    stories = ending.stories
    lines = [page.rule("summary")]
    lines += page.wrapped(_counts(ending), "  ")
    for story in stories:
        rows = f", {counted(story.rows, 'row')}" if story.rows else ""
        lines += page.wrapped(f"{story.name}  {spoken(story.seconds)}{rows}", "  ✓ ")
    if ending.failed:
        lines += page.wrapped(ending.failed, "  ✗ ")
    lines += [line for name in ending.skipped for line in page.wrapped(f"{name}  skipped", "  · ")]
    lines += [line for name in ending.left for line in page.wrapped(f"{name}  still pending", "  · ")]
    warnings = [(story.name, text) for story in stories for text in ending.remarks.get(story.version, ())]
    if warnings:
        lines += ["", page.paint("  Warnings", "yellow")]
        for name, text in warnings:
            lines += page.wrapped(f"{name}: {text}", "  ⚠ ")
    if any(story.changes for story in stories):
        lines += ["", page.paint("  What changed", "bold")]
        for story in stories:
            lines += _changes(page, story)
    if ending.resume:
        command = f"    confiture-migrate apply {ending.resume}{ending.options} --resume"
        lines += ["", page.paint("  To go on where it stopped, when it is put right", "bold"), command]
    if stories:
        lines += ["", page.paint("  To take it back, the newest first", "bold"), *_way_back(page, ending)]
    return [*lines, ""]


def _counts(ending: Ending) -> str:
    parts = [f"{len(ending.stories)} applied"]
    parts += [f"{len(ending.skipped)} skipped"] if ending.skipped else []
    parts += ["1 failed"] if ending.failed else []
    parts += [f"{len(ending.left)} still pending"] if ending.left else []
    if ending.stories:
        parts[0] += f" in {spoken(sum(story.seconds for story in ending.stories))}"
    return ", ".join(parts)


def _changes(page: Page, story: Story) -> list[str]:
    signs: Mapping[str, str] = {"added": "+", "dropped": "-", "changed": "~"}
    lines = []
    for change in story.changes[:MOST_CHANGES]:
        lines += page.wrapped(change.what, f"    {signs[change.verb]} ")
    more = len(story.changes) - MOST_CHANGES
    if more > 0:
        lines.append(f"      and {more} more of {story.name}")
    return lines


def _way_back(page: Page, ending: Ending) -> list[str]:
    """A command a migration; behind the first that has no way back there is none for the older ones either."""
    lines = []
    for story in reversed(ending.stories):
        planned = ending.ways_back[story.version]
        if planned.rollback is None:
            lines += page.wrapped(
                f"{story.name} has no way back: undo it by hand, before anything older is taken back",
                "    ⚠ ",
            )
            break
        command = f"    confiture-migrate rollback{ending.options} --last 1"
        lines.append(f"{command}   # {story.name}")
    return lines
