"""What the wizard can have done, as one port, and the real thing: the executors that the commands use."""

import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from confiture_linter.config import Config, Environment
from confiture_migrator.errors import MigrateError, PlanRefused
from confiture_migrator.events import (
    Event,
    HookCompleted,
    MigrationCompleted,
    MigrationRetried,
    Recorder,
    Several,
    Sink,
    StepCompleted,
    StepStarted,
)
from confiture_migrator.execute.failures import explained
from confiture_migrator.execute.job import Executor, job_of
from confiture_migrator.execute.plan_run import apply_plan, verified_files
from confiture_migrator.execute.print_sql import PrintSql
from confiture_migrator.migrations import find_migrations
from confiture_migrator.plan.ask import ask_target, plan_for
from confiture_migrator.plan.base import catalog_lines
from confiture_migrator.plan.document import plan_bytes, plan_hash
from confiture_migrator.plan.values import Plan, PlannedMigration, Waiver
from confiture_migrator.rehearse.dry_run import Options, on_shadow
from confiture_migrator.rehearse.values import DryRun
from confiture_migrator.target import Target, connect
from confiture_migrator.wizard.changes import changes_between
from confiture_migrator.wizard.estimates import Size, estimate_of, tables_of
from confiture_migrator.wizard.live import Display
from confiture_migrator.wizard.lock_watch import LockWatch
from confiture_migrator.wizard.server import place_of, sizes_of
from confiture_migrator.wizard.values import Change, Estimated, HookTime, Place, StepTime, Story

if TYPE_CHECKING:
    from confiture_migrator.shadow import Shadow


class Work(Protocol):
    """What can be done. All of it raises `MigrateError`; none of it asks anybody."""

    def place(self, plan: Plan) -> Place:
        """Where the plan would be carried out."""
        ...

    def plan_without(self, plan: Plan, versions: Collection[str], waivers: Sequence[Waiver]) -> Plan:
        """Vet what is still pending anew, some of it left out."""
        ...

    def estimates(self, planned: PlannedMigration) -> list[Estimated]:
        """How long its hooks will take."""
        ...

    def sizes(self, planned: PlannedMigration) -> Mapping[str, Size]:
        """How large the relations are on the target that its statements lock, write or read to the end."""
        ...

    def preview(self, plan: Plan, planned: PlannedMigration) -> str:
        """The SQL that would be sent."""
        ...

    def dry_run(self, plan: Plan, planned: PlannedMigration, left_out: Collection[str]) -> DryRun:
        """Execute one migration on a throw-away server."""
        ...

    def apply(self, plan: Plan, planned: PlannedMigration, display: Display) -> Story:
        """Apply one migration for real."""
        ...

    def file_of(self, plan: Plan) -> str:
        """Where the plan is kept, for --resume."""
        ...


class Means(NamedTuple):
    """What the command line says about how it is done."""

    shadow: "Callable[[], Shadow]"
    """Starts the server for dry-runs."""
    rehearsal: Options
    output: str
    """Where a plan is kept before anything of it is applied, so that --resume has it."""
    kept: str = ""
    """Hash of the plan that lies in a file already."""
    kept_in: str = ""
    """That file."""
    resume: bool = False


@contextmanager
def _answered() -> Iterator[None]:
    """Make of a server that refuses or goes away what the flow knows: there is a summary to be shown."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise MigrateError(f"the database did not answer: {explained(error)}") from error


class RealWork:
    """The real thing, on a target. A shadow, once it is there, stays until the end."""

    def __init__(
        self,
        config: Config,
        target: Target,
        environment: tuple[str, Environment] | None,
        means: Means,
        log: Sink,
    ) -> None:
        self.config = config
        self.target = target
        self.environment = environment
        self.means = means
        self.log = log
        self._stack = ExitStack()
        self._shadow: Shadow | None = None
        self._applied_by: set[str] = set()
        """Hashes of plans of which something was applied here."""
        self._left: list[str] | None = None
        """The catalog as the migration before left it."""

    def __enter__(self) -> Self:
        """Nothing is started before it is needed."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Throw the shadow away."""
        self._stack.close()

    @_answered()
    def place(self, plan: Plan) -> Place:
        """Ask the target."""
        here = ask_target(self.target, self.config)
        with connect(self.target.url) as connection:
            return place_of(connection, self.target, here.entries, plan.settings)

    @_answered()
    def plan_without(self, plan: Plan, versions: Collection[str], waivers: Sequence[Waiver]) -> Plan:
        """Vet again, as `plan` does."""
        here = ask_target(self.target, self.config)
        migrations = find_migrations(self.config)

        def made(kept: Sequence[Waiver]) -> Plan:
            return plan_for(
                self.config, self.environment, here, migrations, plan.settings, kept, without=versions
            )

        first = made(())
        kept = [waiver for waiver in waivers if any(waiver.matches(each) for each in first.findings)]
        return made(kept) if kept else first

    @_answered()
    def estimates(self, planned: PlannedMigration) -> list[Estimated]:
        """From the sizes that the target tells now."""
        if not planned.hooks:
            return []
        names = [name for hook in planned.hooks for name in tables_of(hook)]
        with connect(self.target.url) as connection:
            sizes, database = sizes_of(connection, names)
        return [estimate_of(hook, sizes, database) for hook in planned.hooks]

    @_answered()
    def sizes(self, planned: PlannedMigration) -> Mapping[str, Size]:
        """As the target tells them now."""
        effects = [step.effects for step in planned.steps]
        named = {name for each in effects for name in (*each.rewrites, *each.scans)}
        named |= {name for each in effects for name, _ in each.locks}
        if not named:
            return {}
        with connect(self.target.url) as connection:
            return sizes_of(connection, sorted(named))[0]

    def preview(self, plan: Plan, planned: PlannedMigration) -> str:
        """By the executor of `show --sql`."""
        files = verified_files(self.config, plan)
        out = io.StringIO()
        executor: Executor = PrintSql(out, plan.settings, plan_hash(plan))
        executor.run(
            job_of(self.config, files[planned.version], planned.hooks, transaction=planned.transaction)
        )
        return out.getvalue()

    @_answered()
    def dry_run(self, plan: Plan, planned: PlannedMigration, left_out: Collection[str]) -> DryRun:
        """By the executor of `dry-run`, on what is there before this migration."""
        from confiture_migrator.shadow import ShadowError

        try:
            if self._shadow is None:
                self._shadow = self._stack.enter_context(self.means.shadow())
            options = self.means.rehearsal._replace(without=left_out)
            alone = plan._replace(migrations=(planned,))
            return on_shadow(self.config, alone, self._shadow, options, self.log)
        except BaseException as error:
            self._shadow = None  # it may have half a database in it
            self._stack.close()
            if isinstance(error, ShadowError):
                raise MigrateError(str(error)) from None
            raise

    @_answered()
    def apply(self, plan: Plan, planned: PlannedMigration, display: Display) -> Story:
        """By the executor of `apply`, with somebody beside it who watches the locks."""
        digest = plan_hash(plan)
        before = self._as_left(digest, plan)
        recorder = _Steps()
        resume = self.means.resume or digest in self._applied_by
        watch = LockWatch(self.target.url, lambda: display.progress.in_step, display.moment)
        sink = Several((recorder, display, self.log))
        with display, watch:
            apply_plan(self.config, plan, digest, self.target, sink, resume=resume, only=planned.version)
        self._applied_by.add(digest)
        trouble = self._read_catalog()
        after = before if self._left is None else self._left
        return _story(planned, recorder, watch, changes_between(before, after), trouble)

    def _read_catalog(self) -> str:
        """Read what the migration left; it is applied, so that trouble here is only told."""
        import psycopg

        self._left = None
        try:
            with connect(self.target.url) as connection:
                self._left = catalog_lines(connection)
        except (MigrateError, psycopg.Error) as error:
            return str(error).strip().partition("\n")[0]
        return ""

    def file_of(self, plan: Plan) -> str:
        """The file that was given, or the one that was written."""
        return self.means.kept_in if plan_hash(plan) == self.means.kept else self.means.output

    def _as_left(self, digest: str, plan: Plan) -> list[str]:
        """The catalog, which since the last migration nobody else may have changed; and the plan, kept for --resume."""
        with connect(self.target.url) as connection:
            now = catalog_lines(connection)
        if self._left is not None and now != self._left:
            raise PlanRefused(
                "the schema was changed by somebody else since the last migration was applied: begin again, so that what "
                "is left is vetted against it"
            )
        if digest != self.means.kept and digest not in self._applied_by:
            with open(self.means.output, "wb") as file:  # noqa: PTH123 - the path as the user spells it
                file.write(plan_bytes(plan))
        return now


class _Steps(Recorder):
    """Keeps events; completed steps together with the SQL that began them."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[StepTime] = []
        self._sql = ""

    def emit(self, event: Event) -> None:
        """Keep it."""
        if isinstance(event, StepStarted):
            self._sql = event.sql
        elif isinstance(event, StepCompleted):
            self.steps.append(StepTime(self._sql, f"{event.file}:{event.line_number}", event.seconds))
        elif isinstance(event, MigrationRetried):
            self.steps.clear()
        super().emit(event)


def _story(
    planned: PlannedMigration, recorder: _Steps, watch: LockWatch, changes: tuple[Change, ...], trouble: str
) -> Story:
    ended = [event for event in recorder.events if isinstance(event, MigrationCompleted)]
    retries = [event for event in recorder.events if isinstance(event, MigrationRetried)]
    return Story(
        planned.version,
        planned.name,
        sum(event.seconds for event in ended),
        sum(event.rows for event in ended),
        tuple(recorder.steps),
        tuple(
            HookTime(event.phase, event.hook, event.seconds, event.rows)
            for event in recorder.events
            if isinstance(event, HookCompleted)
        ),
        len(retries),
        watch.locks,
        watch.waited,
        changes,
        watch.trouble,
        trouble,
    )
