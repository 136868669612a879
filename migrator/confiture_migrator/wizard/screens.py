"""What is shown before anything happens: values → lines. Pure; nothing here asks, waits or knows the time."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from confiture_migrator.migrations import HookSpec
from confiture_migrator.plan.peak_hours import PeakHours
from confiture_migrator.plan.values import Plan, PlanFinding, PlannedMigration
from confiture_migrator.wizard.asker import EXPLAINED, Answer
from confiture_migrator.wizard.estimates import Size, told_size
from confiture_migrator.wizard.page import Page, counted, spoken
from confiture_migrator.wizard.values import Estimated, Place

AXES = ("locking", "data_loss", "performance", "compatibility")
_TITLES = ("locking", "data loss", "performance", "compatibility")
_SHORT = ("lock", "loss", "perf", "compat")
_LABEL = 15
MOST_SIZES = 4
"""Relations whose size is told; the largest ones."""


def banner(page: Page, place: Place, peak: PeakHours | None, now: dt.datetime) -> list[str]:
    """Where we are, and what time it is there."""
    settings = place.settings
    retries = counted(settings.lock_retries, "retry", "retries")
    limits = (
        f"lock_timeout {settings.lock_timeout}, {retries}; statement_timeout {settings.statement_timeout}"
    )
    standby = page.paint("  STANDBY: nothing can be applied here", "red") if place.standby else ""
    last = f", last {place.last}" if place.last else ""
    accepted = ", ".join(f"{axis.replace('_', ' ')} {level}" for axis, level in place.accepted)
    rows = [
        ("environment", page.paint(place.environment or "none named", "bold")),
        ("server", f"{place.server}, PostgreSQL {place.server_version}{standby}"),
        ("database", f"{place.database}, as {place.user}"),
        ("ledger", f"{len(place.applied)} applied{last}"),
        ("time", _time(page, peak, now)),
        ("limits", limits),
        ("accepted risk", accepted),
    ]
    lines = [page.rule("confiture-migrate")]
    for label, text in rows:
        lines += _row(page, label, text)
    return [*lines, ""]


def _row(page: Page, label: str, text: str) -> list[str]:
    if "\x1b" in text:  # painted: short enough to stand on its line
        return [f"  {label:{_LABEL}}{text}"]
    return page.wrapped(text, f"  {label:{_LABEL}}")


def _time(page: Page, peak: PeakHours | None, now: dt.datetime) -> str:
    if peak is None:
        return f"{now:%a %Y-%m-%d %H:%M} UTC, no peak hours configured"
    told = f"{peak.here(now):%a %Y-%m-%d %H:%M} {peak.zone_name}"
    if peak.contains(now):
        return f"{told}, {page.paint('PEAK HOURS', 'red')} ({peak.text})"
    return f"{told}, outside peak hours ({peak.text})"


def pending(page: Page, plan: Plan, before: Collection[str] = ()) -> list[str]:
    """What is pending, a line each; `before` are versions of the plan that are applied already."""
    waiting = [(place, each) for place, each in enumerate(plan.migrations, 1) if each.version not in before]
    count = len(waiting)
    if not count:
        return ["Nothing is pending."]
    number = len(str(len(plan.migrations)))
    titles = _TITLES if page.width >= 72 else _SHORT
    rooms = [max(len(title), len("UNKNOWN")) for title in titles]
    wide = min(
        max(len(each.name) for _, each in waiting), page.width - number - 5 - sum(rooms) - 2 * len(rooms)
    )
    wide = max(wide, len("migration"))
    head = "  ".join(f"{title:{room}}" for title, room in zip(titles, rooms, strict=True))
    lines = [
        page.rule(f"{count} pending"),
        page.paint(f"  {'':{number}}  {'migration':{wide}}  {head}", "dim"),
    ]
    for place, each in waiting:
        cells = [f"  {place:>{number}}  {page.cropped(each.name, wide):{wide}}"]
        for axis, room in zip(AXES, rooms, strict=True):
            level = each.risk.level(axis)
            cells.append(page.level(level) + " " * (room - len(level)))
        lines.append("  ".join(cells))
    return [*lines, ""]


def migration(
    page: Page,
    plan: Plan,
    planned: PlannedMigration,
    estimates: Sequence[Estimated],
    sizes: Mapping[str, Size],
) -> list[str]:
    """One migration: risk with reasons, recommendations, hooks with `estimates`, the way back, findings.

    `sizes` are those that the target tells now, of what it works on; the risk rests on the snapshot, as in `plan`.
    """
    place = [each.version for each in plan.migrations].index(planned.version) + 1
    how = "one transaction" if planned.transaction else "step by step, each step committed on its own"
    python = not planned.steps and planned.file.endswith(".py")
    what = "Python, known when it runs" if python else counted(len(planned.steps), "statement")
    lines = [page.rule(f"{place} of {len(plan.migrations)}: {planned.name}")]
    lines += page.wrapped(f"{planned.file}: {what}, {how}", "  ")
    lines += ["", page.paint("  Risk", "bold"), *_risk(page, planned)]
    lines += _sizes(page, sizes)
    lines += _recommendations(page, planned)
    if planned.hooks:
        lines += ["", page.paint("  Hooks", "bold")]
        for hook, estimated in zip(planned.hooks, estimates, strict=True):
            lines += _hook(page, hook, estimated)
    lines += ["", page.paint("  Way back", "bold"), *_rollback(page, planned)]
    findings = [each for each in plan.findings if each.file == planned.file and each.severity != "info"]
    if findings:
        lines += ["", page.paint("  Findings", "bold")]
        for each in findings:
            lines += finding(page, plan, each)
    return [*lines, ""]


def _risk(page: Page, planned: PlannedMigration) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for reason in planned.risk.reasons:
        axis, _, told = reason.partition(": ")
        reasons.setdefault(axis, []).append(told)
    lines = []
    for axis in AXES:
        level = planned.risk.level(axis)
        told = "; ".join(reasons.get(axis, ()))
        if level == "unknown" and not told:
            told = "it cannot be told before it runs"
        body = page.wrapped(told, " " * 26)
        head = f"    {axis.replace('_', ' '):14}{page.level(level)}{' ' * (8 - len(level))}"
        lines += [head + body[0][26:], *body[1:]]
    duration = planned.risk.duration
    told_duration = (
        "not known: sizes are missing (`confiture-migrate snapshot` exports them)"
        if duration is None
        else f"about {spoken(duration.seconds)} ({spoken(duration.low)} to {spoken(duration.high)}), without hooks"
    )
    return lines + page.wrapped(told_duration, f"    {'duration':14}")


def _sizes(page: Page, sizes: Mapping[str, Size]) -> list[str]:
    """The largest of them."""
    if not sizes:
        return []
    ordered = sorted(sizes.items(), key=lambda item: (-item[1].bytes, item[0]))
    told = ", ".join(told_size(name, size) for name, size in ordered[:MOST_SIZES])
    more = f" and {len(ordered) - MOST_SIZES} smaller" if len(ordered) > MOST_SIZES else ""
    return page.wrapped(told + more, f"    {'here now':14}")


def _recommendations(page: Page, planned: PlannedMigration) -> list[str]:
    if not planned.risk.recommendations:
        return []
    lines = ["", page.paint("  Recommendations", "bold") + page.paint("  (★ must)", "dim")]
    for text in planned.risk.recommendations:
        star = text.startswith("★ ")
        lines += page.wrapped(text.removeprefix("★ "), "    ★ " if star else "    · ")
    return lines


def _hook(page: Page, hook: HookSpec, estimated: Estimated) -> list[str]:
    head = f"    {hook.phase}: {hook.type}" + (f", {hook.description}" if hook.description else "")
    if estimated.seconds is None:
        told = f"takes: not known, {estimated.basis}" if estimated.basis else "takes: not known"
    else:
        told = f"takes: about {spoken(estimated.seconds)}, a rough guess; {estimated.basis}"
    told += f"; limit {spoken(hook.timeout)}"
    told += f", {counted(hook.retries, 'retry', 'retries')}" if hook.retries else ""
    return page.wrapped(head.strip(), "    ") + page.wrapped(told, "      ")


def _rollback(page: Page, planned: PlannedMigration) -> list[str]:
    back = planned.rollback
    if back is None:
        return page.wrapped(
            warning("none: it has no down script. Undoing it is work by hand, or a restore"), "    "
        )
    what = counted(back.statements, "statement") if back.statements else "its method down, if it has one"
    told = f"{back.file}: {what}"
    if planned.risk.data_loss in ("medium", "high"):
        told += ". It brings the structure back, not the rows that are lost"
    return page.wrapped(told, "    ")


def warning(text: str) -> str:
    """A sentence that is a warning."""
    return f"⚠ {text}"


def finding(page: Page, plan: Plan, each: PlanFinding) -> list[str]:
    """A finding, and who took responsibility for it."""
    waiver = next((one for one in plan.waivers if each.waived and one.matches(each)), None)
    lines = page.wrapped(
        f"{each.severity}: {each.message} [{each.rule}] {each.file}:{each.line}", "    ", "      "
    )
    if waiver is not None:
        lines += page.wrapped(f"accepted: {waiver.reason}", "      ")
    elif each.help:
        lines += page.wrapped(each.help, "      ")
    return lines


def details(page: Page, plan: Plan, planned: PlannedMigration) -> list[str]:
    """Every statement and what it does, hooks with their configuration, all findings."""
    lines = [page.rule(f"details of {planned.name}")]
    lines += page.wrapped(f"{planned.file}, {planned.checksum[:19]}…", "  ")
    for number, step in enumerate(planned.steps, 1):
        head = f"  {number}/{len(planned.steps)}  line {step.line}  "
        lines += ["", head + page.cropped(step.sql, max(page.width - len(head) - 1, 20))]
        effects = step.effects
        told = [f"{mode.value} on {relation}" for relation, mode in effects.locks]
        told += [f"rewrites {relation}" for relation in effects.rewrites]
        told += [f"reads {relation} from end to end" for relation in effects.scans]
        told += [f"builds index {index} anew" for index in effects.index_rebuilds]
        told += [] if effects.in_transaction else ["runs outside a transaction"]
        told += [f"FAILS: {effects.error}"] if effects.error else []
        told += [f"not known: {each}" for each in effects.unknown]
        told += list(effects.notes)
        for text in told or ["locks nothing that was there before"]:
            lines += page.wrapped(text, "       ")
    for hook in planned.hooks:
        lines += [
            "",
            *page.wrapped(f"{hook.phase}: {hook.type} ({hook.file or planned.file}:{hook.line})", "  "),
        ]
        for key, value in hook.config.items():
            lines += page.wrapped(f"{key}: {value}", "       ")
    findings = [each for each in plan.findings if each.file == planned.file]
    if findings:
        lines += ["", page.paint("  Findings", "bold")]
    for each in findings:
        lines += finding(page, plan, each)
    return [*lines, ""]


def answers(page: Page) -> list[str]:
    """What each answer does."""
    lines = []
    for answer in Answer:
        lines += page.wrapped(EXPLAINED[answer], f"  {key_of(answer):9}")
    return lines


def key_of(answer: Answer) -> str:
    """`y` and `n` are short enough to be typed, the others are typed as far as they are unambiguous."""
    return {Answer.YES: "y yes", Answer.NO: "n no"}.get(answer, answer.value)


def choice(planned: PlannedMigration, environment: str) -> str:
    """The question about one migration."""
    where = f" to {environment}" if environment else ""
    return f"Apply {planned.name}{where}?\n[y n preview details dry-run skip quit, ? explains]"


def acceptable(each: PlanFinding) -> str:
    """The question about a finding that is in the way."""
    if not each.waivable:
        return f"{each.rule} cannot be waived.\n[skip: leave the migration out; Enter: stop]"
    return f"Why is {each.rule} acceptable here?\n[a reason; skip: leave the migration out; Enter: it is not]"
