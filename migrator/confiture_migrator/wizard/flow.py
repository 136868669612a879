"""The wizard as a state machine: show, ask, do, until nothing is pending or somebody has had enough."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from confiture_migrator.errors import MigrateError, PlanRefused, StateUnknown
from confiture_migrator.plan.peak_hours import PeakHours, risky
from confiture_migrator.plan.values import Plan, PlannedMigration, Waiver
from confiture_migrator.rehearse.values import MigrationReport
from confiture_migrator.wizard import results, screens
from confiture_migrator.wizard.asker import Answer, Asker, Kind, Question, understood
from confiture_migrator.wizard.live import Display, display
from confiture_migrator.wizard.page import Page, harmless
from confiture_migrator.wizard.remarks import remarks_on
from confiture_migrator.wizard.results import Ending
from confiture_migrator.wizard.work import Work

_STOPPED = "Stopped; nothing was running."


@dataclass(frozen=True, slots=True)
class Room:
    """Where the conversation takes place."""

    out: TextIO
    page: Page
    asker: Asker
    now: Callable[[], dt.datetime]
    peak: PeakHours | None = None
    drawn: bool = False
    """Whether the terminal can draw progress."""

    def tell(self, lines: Sequence[str]) -> None:
        """Show lines."""
        self.out.write(self.page.finished(lines))
        self.out.flush()

    def display(self, steps: int) -> Display:
        """What shows the progress of one migration."""
        return display(self.out, self.page, steps, drawn=self.drawn)


@dataclass(slots=True)
class Flow:
    """One run. `plan` is replaced when something is accepted or left out."""

    room: Room
    work: Work
    plan: Plan
    ending: Ending
    error: MigrateError | None = None
    skipped: set[str] = field(default_factory=set)
    before: frozenset[str] = frozenset()
    """Versions that were applied before this run: a plan that is gone on with has some."""
    stopped: bool = False
    """Whether somebody had enough before everything was done."""
    peak_accepted: bool = False
    rehearsed: dict[str, MigrationReport] = field(default_factory=dict)

    def run(self) -> Ending:
        """From banner to summary; `error` is what stopped it, for whoever needs an exit code."""
        room = self.room
        try:
            self._opening()
            self._migrations()
        except _Enough as enough:
            self.stopped = True
            if enough.told:
                room.tell(["", f"  {enough.told}"])
        except KeyboardInterrupt:
            self.stopped = True
            room.tell(["", f"  {_STOPPED}"])
        except MigrateError as error:
            self.error = error
            room.tell(results.failed(room.page, str(error)))
        self._close()
        return self.ending

    @property
    def complete(self) -> bool:
        """Whether everything that was pending is applied."""
        return not (self.error or self.stopped or self.ending.left or self.ending.skipped)

    # Opening.

    def _opening(self) -> None:
        room = self.room
        place = self.work.place(self.plan)
        room.tell(screens.banner(room.page, place, room.peak, room.now()))
        self.before = place.applied
        room.tell(screens.pending(room.page, self.plan, self.before))
        if place.standby and self.plan.migrations:
            raise PlanRefused("this server is a standby, and read-only: connect to its primary")
        self._accept()

    def _accept(self) -> None:
        """Have somebody take responsibility for what refuses the plan, or leave it out; one finding after the other."""
        room = self.room
        shown: set[str] = set()
        while self.plan.refusals:
            each = self.plan.refusals[0]
            planned = next((one for one in self.plan.migrations if one.file == each.file), None)
            if planned is not None and planned.version not in shown:
                shown.add(planned.version)
                self._show(planned)
            told = f"In the way: {each.message} [{each.rule}]"
            room.tell([room.page.paint(line, "red") for line in room.page.wrapped(told)])
            question = Question(Kind.ACCEPT, screens.acceptable(each), planned.version if planned else "")
            answer = self._ask(question)
            if answer.lower() == Answer.SKIP and planned is not None:
                self._leave_out(planned)
            elif answer and each.waivable:
                waiver = Waiver(each.rule, each.file, each.line, harmless(answer))
                self.plan = self.work.plan_without(self.plan, self.skipped, (*self.plan.waivers, waiver))
            else:
                reason = "is not accepted" if each.waivable else "cannot be waived"
                raise PlanRefused(
                    f"{each.rule} at {each.file}:{each.line} {reason}; nothing more was changed"
                )

    # One migration after the other.

    def _migrations(self) -> None:
        while (planned := self._next()) is not None:
            self._show(planned)
            self._decide(planned)

    def _show(self, planned: PlannedMigration) -> None:
        room = self.room
        estimates = self.work.estimates(planned)
        sizes = self.work.sizes(planned)
        room.tell(screens.migration(room.page, self.plan, planned, estimates, sizes))

    def _next(self) -> PlannedMigration | None:
        return next(iter(self.left()), None)

    def left(self) -> list[PlannedMigration]:
        """What is still pending, and was not left out."""
        done = self.before | {story.version for story in self.ending.stories}
        return [each for each in self.plan.migrations if each.version not in done]

    def _decide(self, planned: PlannedMigration) -> None:
        room = self.room
        while True:
            text = screens.choice(planned, self.plan.environment)
            match understood(self._ask(Question(Kind.APPLY, text, planned.version))):
                case Answer.YES:
                    if self._may_now(planned):
                        self._apply(planned)
                        return
                case Answer.NO:
                    raise _Enough(f"Not applied: {planned.name}, nor what comes behind it.")
                case Answer.QUIT:
                    raise _Enough("")
                case Answer.SKIP:
                    self._leave_out(planned)
                    self._accept()
                    return
                case Answer.PREVIEW:
                    sql = harmless(self.work.preview(self.plan, planned))
                    room.tell([room.page.rule(f"SQL of {planned.name}"), *sql.splitlines(), ""])
                case Answer.DETAILS:
                    room.tell(screens.details(room.page, self.plan, planned))
                case Answer.DRY_RUN:
                    self._dry_run(planned)
                case None:
                    room.tell(screens.answers(room.page))

    def _may_now(self, planned: PlannedMigration) -> bool:
        """Whether it may be done at this hour; asked again for each run that comes into peak hours, but once."""
        room, peak = self.room, self.room.peak
        if peak is None or self.peak_accepted or not risky(planned) or not peak.contains(room.now()):
            return True
        told = (
            f"It is {peak.here(room.now()):%H:%M} in {peak.zone_name}, peak hours until {peak.until}, and the risk of this "
            "migration is not low."
        )
        room.tell(["", *room.page.wrapped(told, "  ⚠ ")])
        answer = self._ask(
            Question(Kind.PEAK, "Apply it in peak hours all the same? Type yes:", planned.version)
        )
        self.peak_accepted = answer.lower() == "yes"
        if not self.peak_accepted:
            room.tell(["  Not applied."])
        return self.peak_accepted

    def _apply(self, planned: PlannedMigration) -> None:
        room = self.room
        shown = room.display(len(planned.steps))
        try:
            story = self.work.apply(self.plan, planned, shown)
        except KeyboardInterrupt:
            self.ending.failed = planned.name
            raise StateUnknown(
                f"{planned.name} was interrupted: `confiture-migrate status` says where the database stands"
            ) from None
        except MigrateError as error:
            if not isinstance(error, PlanRefused):
                self.ending.failed = planned.name
                self.ending.resume = "" if planned.transaction else self.work.file_of(self.plan)
            raise
        self.ending.stories.append(story)
        self.ending.ways_back[planned.version] = planned
        report = self.rehearsed.get(planned.version)
        self.ending.remarks[planned.version] = remarks_on(planned, story, report)
        room.tell(results.applied(room.page, story))

    def _leave_out(self, planned: PlannedMigration) -> None:
        """What is left was vetted on top of it, so it is vetted anew."""
        self.skipped.add(planned.version)
        self.ending.skipped.append(planned.name)
        self.plan = self.work.plan_without(self.plan, self.skipped, self.plan.waivers)
        vetted = "; what is left was vetted anew without it" if self.plan.migrations else ""
        self.room.tell([f"  {planned.name} is skipped{vetted}.", ""])

    def _dry_run(self, planned: PlannedMigration) -> None:
        """Rehearse it; whatever goes wrong there has changed nothing, so the question is asked again."""
        room = self.room
        told = "On a throw-away PostgreSQL: this takes a moment, and changes nothing here. Ctrl-C ends it."
        room.tell(room.page.wrapped(told, "  "))
        try:
            made = self.work.dry_run(self.plan, planned, self.skipped)
        except KeyboardInterrupt:
            room.tell(["", "  The dry-run was interrupted; nothing was changed.", ""])
            return
        except MigrateError as error:
            room.tell(results.failed(room.page, f"no dry-run: {error}"))
            return
        self.rehearsed[planned.version] = made.migrations[0]
        room.tell(results.dry_run(room.page, made, self.plan.environment))

    # The end.

    def _close(self) -> None:
        self.ending.left = [each.name for each in self.left() if each.name != self.ending.failed]
        if self.ending.stories or self.ending.skipped or self.ending.left or self.ending.failed:
            self.room.tell(results.summary(self.room.page, self.ending))

    def _ask(self, question: Question) -> str:
        """Ask. At a question nothing is running: whoever leaves there leaves everything as it is."""
        page = self.room.page
        try:
            text = page.finished(page.wrapped(question.text)).rstrip("\n")
            return self.room.asker.ask(question._replace(text=page.paint(text, "bold")))
        except (EOFError, KeyboardInterrupt):
            raise _Enough(_STOPPED) from None


class _Enough(Exception):
    """Somebody wants no more."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told
