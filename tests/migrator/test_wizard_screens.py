"""What the wizard shows, as values to text: widths, ASCII, levels, estimates, warnings, changes, progress. No server."""

import datetime as dt
import io
import sys

import pytest
from tests.migrator.wizard_fakes import HIGH, LOW, finding, plan_of, planned

from confiture_linter.effects.values import Effects, LockMode
from confiture_migrator.errors import MigrateError
from confiture_migrator.events import (
    Event,
    HookCompleted,
    HookProgress,
    HookStarted,
    MigrationRetried,
    StepCompleted,
    StepStarted,
)
from confiture_migrator.migrations import HookSpec
from confiture_migrator.plan.peak_hours import PeakHours, risky
from confiture_migrator.plan.values import Duration, PlannedMigration, PlanSettings, Risk, Step
from confiture_migrator.rehearse.values import MigrationReport, StepReport
from confiture_migrator.wizard import screens
from confiture_migrator.wizard.changes import changes_between
from confiture_migrator.wizard.estimates import Size, estimate_of, tables_of
from confiture_migrator.wizard.live import Lines, display
from confiture_migrator.wizard.page import Page, cells, spoken
from confiture_migrator.wizard.progress import Batches, Progress, batch_line
from confiture_migrator.wizard.remarks import remarks_on
from confiture_migrator.wizard.results import Ending, summary
from confiture_migrator.wizard.values import Change, Estimated, Lock, Moment, Place, StepTime, Story

PLACE = Place("production", "db.example.com:5432", "shop", "deploy", "16.4", False, frozenset({"0041"}), "0041_x (2026-01-01 12:00 UTC)",
              (("locking", "medium"), ("data_loss", "none")), PlanSettings())  # fmt: skip
LONG = "a very long reason that goes on and on, " * 8
WIDE = planned(
    "0042_" + "w" * 90,
    HIGH._replace(reasons=(f"data_loss: {LONG}",), recommendations=(f"★ {LONG}", LONG)),
    hooks=(HookSpec("after_ddl", "backfill_read_model", LONG, retries=1),),
    back=False,
)


def everything(page: Page) -> list[str]:
    plan = plan_of(WIDE, planned("2"), findings=(finding(WIDE.version),))
    step = Step("SELECT " + "x, " * 100, "a.sql", 3, Effects((("public.a", LockMode.SHARE),), notes=(LONG,)))
    ending = Ending(" --env production")
    story = Story(
        "2", "2_m", 3.5, 1, changes=tuple(Change("added", f"column public.t.{n}") for n in range(20))
    )
    ending.stories.append(story)
    ending.ways_back["2"] = planned("2")
    ending.remarks["2"] = (LONG,)
    ending.left.append(WIDE.name)
    return [
        *screens.banner(page, PLACE, None, dt.datetime(2026, 1, 15, tzinfo=dt.UTC)),
        *screens.pending(page, plan),
        *screens.migration(page, plan, WIDE, [Estimated(4.0, LONG)], {"public.a": Size(5, 7)}),
        *screens.details(page, plan, WIDE._replace(steps=(step,))),
        *screens.answers(page),
        *summary(page, ending),
    ]


@pytest.mark.parametrize("width", [60, 80, 200])
def test_nothing_is_wider_than_the_page(width: int) -> None:
    breakable = [
        line for line in everything(Page(width)) if "w" * 40 not in line and "rollback --env" not in line
    ]
    assert [line for line in breakable if cells(line.rstrip()) > width] == []


def test_ascii_is_ascii_and_colours_are_off_unless_wanted() -> None:
    page = Page(80, unicode=False)
    assert page.finished(everything(page)).isascii()
    assert "\x1b" not in page.finished(everything(Page(80)))
    assert "\x1b[31;1mHIGH\x1b[0m" in Page(80, color=True).finished(everything(Page(80, color=True)))


def test_a_level_that_matters_is_seen_without_colour() -> None:
    assert [Page().level(level) for level in ("none", "low", "medium", "high", "unknown")] == [
        "none", "low", "medium", "HIGH", "UNKNOWN",
    ]  # fmt: skip


def test_columns_are_as_wide_as_they_look() -> None:
    assert cells("日本") == 4
    assert Page().cropped("a\n  b\x1b[2Jc", 80) == "a b?[2Jc"
    assert Page().cropped("abcdef", 4) == "abc…"
    assert Page(unicode=False).cropped("abcdef", 4) == "a..."


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.001, "<0.01 s"), (0.25, "0.25 s"), (4.21, "4.2 s"), (42.4, "42 s"), (300, "5 min"), (425, "7 min 5 s"), (7800, "2 h 10 min"), (7200, "2 h")],
)  # fmt: skip
def test_durations_are_spoken(seconds: float, told: str) -> None:
    assert spoken(seconds) == told


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    python = planned("3", Risk())._replace(file="db/3_m.py")
    shown = "\n".join(screens.migration(Page(), plan_of(python), python, [], {}))
    assert shown.count("UNKNOWN it cannot be told before it runs") == 4
    assert "duration      not known: sizes are missing" in shown
    assert "Python, known when it runs" in shown
    sizes = {f"public.t{n}": Size(None if n else 9, 1000 * n) for n in range(6)}
    known = planned("1", LOW._replace(duration=Duration(0.5, 2.0, 6.0)))
    told = " ".join(" ".join(screens.migration(Page(), plan_of(known), known, [], sizes)).split())
    assert "about 2.0 s (0.50 s to 6.0 s)" in told
    assert "here now public.t5 of 5.0 kB (rows not known, never analyzed), public.t4 of" in told
    assert "and 2 smaller" in told


def hook(type_: str, **config: object) -> HookSpec:
    return HookSpec("after_ddl", type_, config=config)


def test_estimates_rest_on_sizes() -> None:
    sizes = {"w": Size(1_000_000, 600_000_000), "fresh": Size(None, 60_000_000)}
    made = estimate_of(hook("backfill_read_model", source_table="w", batch_size=1000), sizes, None)
    assert made == Estimated(10.0, "w of 600.0 MB (about 1,000,000 rows), 1,000 batches at most")
    fresh = estimate_of(hook("backfill_read_model", source_table="fresh"), sizes, None)
    assert fresh == Estimated(1.0, "fresh of 60.0 MB (rows not known, never analyzed)")
    assert estimate_of(hook("backup_database"), {}, 5_000_000_000).seconds == 100
    assert estimate_of(hook("analyze_statistics", tables=["w"]), sizes, None).seconds == pytest.approx(
        0.983, abs=0.01
    )
    assert tables_of(hook("rebuild_read_models", views=["a", "b", "a"])) == ("a", "b")


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (hook("backfill_read_model", source_table="gone"), "the size of gone is not known"),
        (hook("sql", sql="SELECT 1"), "what it works on is not said"),
        (hook("acme_notify"), "what it works on is not said"),
        (hook("backup_database"), "the size of the database is not known"),
        (hook("capture_statistics", exact=True, tables=["w"]), "what it works on is not said"),
    ],
)
def test_no_estimate_without_sizes(spec: HookSpec, reason: str) -> None:
    made = estimate_of(spec, {}, None)
    assert made.seconds is None
    assert reason in made.basis


ALTER = Step("ALTER TABLE a ADD b int", "1.sql", 1, Effects((("public.a", LockMode.ACCESS_EXCLUSIVE),)))
INDEX = Step("create unique index i on a (b)", "1.sql", 2, Effects((("public.a", LockMode.SHARE),)))


def warned(story: Story, *steps: Step, risk: Risk = LOW, report: MigrationReport | None = None) -> str:
    return "\n".join(remarks_on(planned("1", risk)._replace(steps=steps), story, report))


def test_locks_that_were_felt() -> None:
    held = Lock("public.a", LockMode.ACCESS_EXCLUSIVE, 2.5, True), Lock("public.a", LockMode.SHARE, 2.0, True)
    story = Story("1", "1_m", 3.0, 0, locks=held, waited=2)
    told = warned(story, ALTER)
    assert "ACCESS EXCLUSIVE on public.a kept everyone out for 2.5 s" in told
    assert told.count("public.a") == 1, "the weaker lock on the same table says nothing new"
    assert "2 sessions waited for it at one time" in told
    short = Story("1", "1_m", 3.0, 0, locks=(held[0]._replace(seconds=1.0),))
    assert warned(short, ALTER) == ""
    reading = Lock("public.a", LockMode.ROW_EXCLUSIVE, 99.0, True)
    assert warned(Story("1", "1_m", 99.0, 0, locks=(reading,)), ALTER) == ""


def test_slow_indexes() -> None:
    slow = StepTime(INDEX.sql, "1.sql:2", 10.5)
    assert "slow index: 1.sql:2 took 10 s" in warned(Story("1", "1_m", 11.0, 0, (slow,)), INDEX)
    assert warned(Story("1", "1_m", 11.0, 0, (slow._replace(seconds=9.0),)), INDEX) == ""
    assert warned(Story("1", "1_m", 11.0, 0, (slow._replace(sql=ALTER.sql),)), ALTER, INDEX) == ""


def test_predictions_that_did_not_hold() -> None:
    other = Lock("public.b", LockMode.SHARE_ROW_EXCLUSIVE, 0.2, True)
    story = Story("1", "1_m", 0.2, 0, locks=(other,))
    assert "SHARE ROW EXCLUSIVE on public.b, no lock was predicted" in warned(story, ALTER)
    stronger = Story("1", "1_m", 0.2, 0, locks=(Lock("public.a", LockMode.ACCESS_EXCLUSIVE, 0.2, True),))
    assert "ACCESS EXCLUSIVE on public.a, SHARE was predicted" in warned(stronger, INDEX)
    assert warned(stronger, ALTER, INDEX) == ""
    by_hook = Story("1", "1_m", 0.2, 0, locks=(other._replace(in_step=False),))
    assert warned(by_hook, ALTER) == "", "what a hook locks is no statement's doing"
    unknown = ALTER._replace(effects=ALTER.effects._replace(unknown=("a function",)))
    assert warned(story, unknown) == "", "what was said to be unknown was not predicted wrongly"
    late = Story("1", "1_m", 9.0, 0, (StepTime(ALTER.sql, "1.sql:1", 9.0),))
    risk = LOW._replace(duration=Duration(0.1, 0.3, 0.9))
    assert "took 9.0 s, 0.90 s at most was predicted" in warned(late, ALTER, risk=risk)
    assert warned(late, ALTER, risk=risk._replace(duration=None)) == ""
    step = StepReport("1.sql", 1, ALTER.sql, ALTER.effects, differences=["public.c was locked"])
    report = MigrationReport("1", "1_m", steps=[step])
    assert "in the dry-run, 1.sql:1: public.c was locked" in warned(
        Story("1", "1_m", 0.1, 0), ALTER, report=report
    )
    assert "not known: too many connections" in warned(
        Story("1", "1_m", 0.1, 0, unwatched="too many connections")
    )


def test_changes() -> None:
    before = [
        "column|public|t|a|integer|f||", "relation|public|old|r|p|f|f", "column|public|old|x|text|f||",
        "index|public|t|CREATE INDEX ix ON public.t USING btree (a)|t", "function|public|f|a integer|f|one",
    ]  # fmt: skip
    after = [
        "column|public|t|a|bigint|f||", "column|public|t|b|text|f||", "relation|public|new|m|p|f|f|SELECT 1",
        "index|public|t|CREATE UNIQUE INDEX \"i \"\"x\" ON public.t USING btree (b)|t", "column|public|new|c|text|f||",
        "index|public|new|CREATE INDEX n ON public.new USING btree (c)|t", "function|public|f|a integer|f|two",
        "constraint|public|t|ck|CHECK (a > 0)|t", "type|public|kind|e|...", "schema|more",
        "trigger|public|t|CREATE TRIGGER tg AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION f()|O",
    ]  # fmt: skip
    assert [f"{change.verb} {change.what}" for change in changes_between(before, after)] == [
        "added column public.t.b",
        "added constraint public.t.ck",
        'added index "i ""x" on public.t',
        "added materialized view public.new",
        "added schema more",
        "added trigger tg on public.t",
        "added type public.kind",
        "changed column public.t.a",
        "changed function public.f(a integer)",
        "dropped index ix on public.t",
        "dropped table public.old",
    ]
    assert changes_between(after, after) == ()


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def batch(done: int, total: int | None = 1000) -> Event:
    return HookProgress("1", "after_ddl", "backfill_read_model", done, total, "rows")


def test_rate_and_time_left() -> None:
    clock = Clock()
    progress = Progress(Page(120), 2, clock)
    progress.seen(HookStarted("1", "after_ddl", "backfill_read_model", "fill it"))
    for number in range(1, 5):
        clock.now += 2
        progress.seen(batch(100 * number))
    told = "400 of 1,000 rows (40 %), 50 a second, 12 s left"
    assert progress.batches is not None
    assert batch_line(progress.batches) == told
    hook_line, bar = progress.live(Moment())
    assert hook_line == "  after_ddl backfill_read_model, fill it  8.0 s"
    assert bar == f"    {'━' * 10}{'─' * 14}  {told}"
    assert batch_line(Batches(5, None, "pages", None)) == "5 pages"
    assert batch_line(Batches(7, 7, "rows", 3.0)) == "7 of 7 rows (100 %), 3 a second"
    assert progress.seen(HookCompleted("1", "after_ddl", "backfill_read_model", 1000, 9.0, "")) != []
    assert progress.live(Moment()) == []


def test_the_rate_is_that_of_late() -> None:
    clock = Clock()
    progress = Progress(Page(), 0, clock)
    progress.seen(HookStarted("1", "after_ddl", "h", ""))
    for number in range(1, 41):
        clock.now += 1 if number < 20 else 10
        progress.seen(batch(number, 100))
    assert progress.batches is not None
    assert progress.batches.rate == pytest.approx(0.1)


def test_locks_are_told_while_they_are_held() -> None:
    clock = Clock()
    progress = Progress(Page(), 1, clock)
    progress.seen(StepStarted("1", 0, "1.sql", 1, "ALTER TABLE a ADD b int"))
    assert progress.in_step
    clock.now += 3
    moment = Moment((("public.a", LockMode.ACCESS_EXCLUSIVE, 2.9),), 3, ("pid 7 (app, web, active for 9 s)",))
    assert progress.live(moment) == [
        "  1/1 ALTER TABLE a ADD b int  3.0 s",
        "    holds ACCESS EXCLUSIVE on public.a for 2.9 s",
        "    3 sessions waiting for this",
        "    waits for pid 7 (app, web, active for 9 s)",
    ]
    assert progress.seen(StepCompleted("1", 0, "1.sql", 1, 3.1, 0)) == [
        "  1/1 ALTER TABLE a ADD b int  3.1 s"
    ]
    retried = progress.seen(MigrationRetried("1", "1_m", 2, 1.0, "lock timeout"))
    assert "again in 1 s (attempt 2)" in " ".join(retried)


def test_plain_lines_do_not_flood() -> None:
    clock, out = Clock(), io.StringIO()
    lines = Lines(out, Page(), Progress(Page(), 1, clock), clock)
    with lines:
        lines.emit(HookStarted("1", "after_ddl", "h", ""))
        for number in range(1, 101):
            clock.now += 0.1
            lines.emit(batch(number, 100))
    assert out.getvalue().count("\n") == 2, out.getvalue()
    assert "100 of 100 rows (100 %)" in out.getvalue()
    with lines:
        clock.now += 5
        lines.moment(Moment(waiting=1))
        lines.moment(Moment(waiting=1))
    assert out.getvalue().count("1 session waiting for this") == 1


def test_rich_is_not_imported_for_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(display(io.StringIO(), Page(), 1, drawn=False), Lines)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert isinstance(display(io.StringIO(), Page(), 1, drawn=True), Lines), "nor needed on a terminal"


@pytest.mark.parametrize(
    ("text", "moment", "peak"),
    [
        ("08:00-19:00 Europe/Paris", "2026-01-15T07:00", True),  # winter: one hour ahead of UTC
        ("08:00-19:00 Europe/Paris", "2026-01-15T06:59", False),
        ("08:00-19:00 Europe/Paris", "2026-07-15T06:00", True),  # summer: two
        ("08:00-19:00 Europe/Paris", "2026-07-15T17:00", False),  # the end is outside
        ("08:00-19:00", "2026-07-15T18:59", True),  # no zone: UTC
        ("22:00-06:00 UTC", "2026-01-15T23:30", True),
        ("22:00-06:00 UTC", "2026-01-15T05:59", True),
        ("22:00-06:00 UTC", "2026-01-15T12:00", False),
        ("00:00-24:00 Asia/Tokyo", "2026-01-15T15:00", True),
        ("20:00-24:00 UTC", "2026-01-15T23:59", True),
        ("20:00-24:00 UTC", "2026-01-16T00:00", False),
        ("02:00-03:00 Europe/Paris", "2026-03-29T01:30", False),  # 02:00 to 03:00 does not happen on that day
    ],
)
def test_peak_hours(text: str, moment: str, peak: bool) -> None:
    assert PeakHours.of(text).contains(dt.datetime.fromisoformat(f"{moment}+00:00")) is peak


def test_a_time_zone_that_is_not_known() -> None:
    with pytest.raises(MigrateError, match="the time zone Europe/Pariss is not known"):
        PeakHours.of("08:00-19:00 Europe/Pariss")


@pytest.mark.parametrize(
    ("risk", "expected"), [(LOW, False), (HIGH, True), (Risk(), True), (LOW._replace(locking="medium"), True)]
)
def test_what_is_risky(risk: Risk, expected: bool) -> None:
    made: PlannedMigration = planned("1", risk)
    assert risky(made) is expected
