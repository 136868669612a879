"""A wizard without a server: work that is only noted down, and answers that are written beforehand."""

import datetime as dt
import io
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from confiture_migrator.migrations import HookSpec
from confiture_migrator.plan.peak_hours import PeakHours
from confiture_migrator.plan.values import (
    Plan,
    PlanFinding,
    PlannedMigration,
    PlanSettings,
    Risk,
    Rollback,
    Waiver,
)
from confiture_migrator.rehearse.values import DryRun, HookReport, MigrationReport
from confiture_migrator.wizard.asker import Kind, Question
from confiture_migrator.wizard.estimates import Size
from confiture_migrator.wizard.flow import Flow, Room
from confiture_migrator.wizard.live import Display
from confiture_migrator.wizard.page import Page
from confiture_migrator.wizard.results import Ending
from confiture_migrator.wizard.values import Estimated, Place, Story

LOW = Risk("none", "none", "low", "low")
HIGH = Risk(
    "none", "high", "low", "low", ("data_loss: column a.b is dropped",), ("★ take a backup first", "look")
)


def planned(
    version: str, risk: Risk = LOW, *, hooks: tuple[HookSpec, ...] = (), back: bool = True
) -> PlannedMigration:
    name = f"{version}_m"
    file = f"db/{name}.sql"
    rollback = Rollback(f"db/{name}.down.sql", 1) if back else None
    return PlannedMigration(version, name, file, f"sha256:{version}", True, (), hooks, risk, rollback)


def finding(version: str, *, waivable: bool = True) -> PlanFinding:
    return PlanFinding(
        "risk-data-loss", "error", "it is high", "do less", f"db/{version}_m.sql", 1, 1, waivable=waivable
    )


def plan_of(*migrations: PlannedMigration, findings: tuple[PlanFinding, ...] = ()) -> Plan:
    return Plan("production", None, "sha256:0", migrations, findings, (), PlanSettings())


class Script:
    """Answers in the order in which they were written; an exception is raised, and no more answers are `EOFError`."""

    def __init__(self, *answers: str | type[BaseException]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[Kind, str]] = []

    def ask(self, question: Question) -> str:
        self.asked.append((question.kind, question.subject))
        if not self._answers:
            raise EOFError
        answer = self._answers.pop(0)
        if isinstance(answer, str):
            return answer
        raise answer


@dataclass
class FakeWork:
    """Notes down what is done."""

    start: Plan
    fails: dict[str, BaseException] = field(default_factory=dict)
    standby: bool = False
    before: frozenset[str] = frozenset()
    done: list[str] = field(default_factory=list)

    def place(self, plan: Plan) -> Place:
        risk = (("locking", "medium"),)
        return Place(
            "production",
            "db:5432",
            "shop",
            "me",
            "16.4",
            self.standby,
            self.before,
            "0_z",
            risk,
            plan.settings,
        )

    def plan_without(self, plan: Plan, versions: Collection[str], waivers: Sequence[Waiver]) -> Plan:
        applied = {word.removeprefix("apply ") for word in self.done}
        gone = {*versions, *applied}
        self.done.append(f"vet without {','.join(sorted(versions))}")
        left = tuple(each for each in self.start.migrations if each.version not in gone)
        files = {each.file for each in left}
        marked = tuple(
            each._replace(waived=any(waiver.matches(each) for waiver in waivers))
            for each in self.start.findings
            if each.file in files
        )
        return plan._replace(migrations=left, findings=marked, waivers=tuple(waivers))

    def estimates(self, planned: PlannedMigration) -> list[Estimated]:
        return [Estimated(None, "nobody measured it") for _ in planned.hooks]

    def sizes(self, planned: PlannedMigration) -> dict[str, Size]:
        return {}

    def preview(self, plan: Plan, planned: PlannedMigration) -> str:
        return f"-- the SQL of {planned.name}\x1b[2J\n"

    def dry_run(self, plan: Plan, planned: PlannedMigration, left_out: Collection[str]) -> DryRun:
        self.done.append(f"dry-run {planned.version}")
        if isinstance(error := self.fails.get(f"dry-run {planned.version}"), BaseException):
            raise error
        hooks = [HookReport(hook.phase, hook.type, True, 2.0, 5) for hook in planned.hooks]
        return DryRun(
            "16.4", "shadow", "no rows", [MigrationReport(planned.version, planned.name, hooks=hooks)]
        )

    def apply(self, plan: Plan, planned: PlannedMigration, display: Display) -> Story:
        if isinstance(error := self.fails.get(planned.version), BaseException):
            raise error
        self.done.append(f"apply {planned.version}")
        return Story(planned.version, planned.name, 0.5, 7)

    def file_of(self, plan: Plan) -> str:
        return "plan.json"


def guided(
    work: FakeWork,
    script: Script,
    *,
    now: Callable[[], dt.datetime] = lambda: dt.datetime(2026, 1, 15, 3, 0, tzinfo=dt.UTC),
    peak: PeakHours | None = None,
    page: Page = Page(),  # noqa: B008 - immutable
) -> tuple[Flow, str]:
    """Run the wizard; the flow and what it showed."""
    out = io.StringIO()
    flow = Flow(Room(out, page, script, now, peak), work, work.start, Ending(" --env production"))
    flow.run()
    return flow, out.getvalue()
