"""The wizard's decisions: which answer leads where, and what is done and left. No server."""

import datetime as dt
import io

import pytest
from tests.migrator.wizard_fakes import HIGH, FakeWork, Script, finding, guided, plan_of, planned

from confiture_migrator.errors import ApplyFailed, MigrateError, PlanRefused, StateUnknown
from confiture_migrator.migrations import HookSpec
from confiture_migrator.plan.peak_hours import PeakHours
from confiture_migrator.plan.values import PlannedMigration
from confiture_migrator.wizard.asker import (
    EXPLAINED,
    FLAGS,
    Answer,
    Flags,
    Kind,
    Nobody,
    Person,
    Question,
    understood,
)

ONE, TWO, THREE = planned("1"), planned("2"), planned("3")
APPLY = (Kind.APPLY, "1"), (Kind.APPLY, "2"), (Kind.APPLY, "3")


def test_yes_to_everything() -> None:
    work, script = FakeWork(plan_of(ONE, TWO)), Script("y", "yes")
    flow, shown = guided(work, script)
    assert work.done == ["apply 1", "apply 2"]
    assert flow.complete
    assert "2 applied in 1.0 s\n" in shown
    newest, oldest = (line for line in shown.splitlines() if "rollback" in line)
    assert newest == "    confiture-migrate rollback --env production --last 1   # 2_m"
    assert oldest.endswith("# 1_m")


@pytest.mark.parametrize("answer", ["n", "no", "quit", "q"])
def test_no_and_quit_stop(answer: str) -> None:
    work, script = FakeWork(plan_of(ONE, TWO, THREE)), Script("y", answer)
    flow, shown = guided(work, script)
    assert work.done == ["apply 1"]
    assert script.asked == [*APPLY[:2]]
    assert not flow.complete
    assert flow.error is None
    assert "1 applied in 0.50 s, 2 still pending" in shown


@pytest.mark.parametrize("answer", [EOFError, KeyboardInterrupt])
def test_whoever_leaves_at_a_question_leaves_everything_as_it_is(answer: type[BaseException]) -> None:
    for before in range(3):
        work, script = FakeWork(plan_of(ONE, TWO, THREE)), Script(*["y"] * before, answer)
        flow, shown = guided(work, script)
        assert work.done == [f"apply {number}" for number in range(1, before + 1)]
        assert not flow.complete
        assert "Stopped; nothing was running." in shown
        assert f"{3 - before} still pending" in shown


def test_looking_is_not_doing() -> None:
    work, script = FakeWork(plan_of(ONE)), Script("preview", "details", "dry-run", "?", "", "Y es", "n")
    _, shown = guided(work, script)
    assert work.done == ["dry-run 1"]
    assert len(script.asked) == 7, "it is asked again after each"
    assert "-- the SQL of 1_m?[2J" in shown, "an escape sequence in a file moves nothing on the screen"
    assert all(text.partition(";")[0][:30] in shown for text in EXPLAINED.values())


def test_hooks_are_shown_with_estimate_and_with_what_a_dry_run_measured() -> None:
    hook = HookSpec("after_ddl", "sql", "fill it")
    work = FakeWork(plan_of(planned("1", hooks=(hook,))))
    _, shown = guided(work, Script("dry", "skip"))
    assert "takes: not known, nobody measured it; limit 5 min" in shown
    assert "after_ddl: sql: 2.0 s, 5 rows" in shown


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MigrateError("no server")])
def test_a_dry_run_that_fails_is_no_answer(error: BaseException) -> None:
    work = FakeWork(plan_of(ONE), fails={"dry-run 1": error})
    flow, _ = guided(work, Script("dry-run", "y"))
    assert work.done == ["dry-run 1", "apply 1"]
    assert flow.complete


def test_skip_leaves_one_out_and_vets_the_rest_anew() -> None:
    work = FakeWork(plan_of(ONE, TWO, THREE))
    flow, shown = guided(work, Script("y", "skip", "y"))
    assert work.done == ["apply 1", "vet without 2", "apply 3"]
    assert not flow.complete, "the exit code tells that something was left out"
    assert "2 applied in 1.0 s, 1 skipped" in shown


def test_what_was_applied_before_is_not_asked_about() -> None:
    work, script = FakeWork(plan_of(ONE, TWO, THREE), before=frozenset({"1", "0"})), Script("y", "n")
    _, shown = guided(work, script)
    assert script.asked == [*APPLY[1:]]
    assert "── 2 pending ──" in shown
    assert "1 applied in 0.50 s, 1 still pending" in shown


def test_a_failure_ends_it_and_says_what_is_left() -> None:
    work = FakeWork(
        plan_of(ONE, TWO, THREE),
        fails={"2": ApplyFailed("db/2_m.sql:1: refused\nEverything is rolled back.")},
    )
    flow, shown = guided(work, Script("y", "y"))
    assert isinstance(flow.error, ApplyFailed)
    assert "db/2_m.sql:1: refused" in shown
    assert "1 applied in 0.50 s, 1 failed, 1 still pending" in shown
    assert "--resume" not in shown, "in one transaction nothing is half-done"
    by_step = FakeWork(plan_of(TWO._replace(transaction=False)), fails={"2": ApplyFailed("stopped")})
    assert "confiture-migrate apply plan.json --env production --resume" in guided(by_step, Script("y"))[1]


def test_an_interruption_outside_the_executor_is_not_taken_for_nothing() -> None:
    flow, shown = guided(FakeWork(plan_of(ONE), fails={"1": KeyboardInterrupt()}), Script("y"))
    assert isinstance(flow.error, StateUnknown)
    assert "`confiture-migrate status` says" in shown


def test_a_way_back_ends_where_one_is_missing() -> None:
    work = FakeWork(plan_of(ONE, planned("2", back=False), THREE))
    _, shown = guided(work, Script("y", "y", "y"))
    ending = shown.partition("the newest first")[2]
    assert "--last 1   # 3_m" in ending
    assert "2_m has no way back" in ending
    assert "# 1_m" not in ending


def test_what_refuses_the_plan_needs_a_reason() -> None:
    work = FakeWork(plan_of(ONE, TWO, findings=(finding("2"),)))
    script = Script("ticket 881", "y", "y")
    flow, shown = guided(work, script)
    assert script.asked == [(Kind.ACCEPT, "2"), *APPLY[:2]]
    assert [waiver.reason for waiver in flow.plan.waivers] == ["ticket 881"]
    assert shown.index("2 of 2: 2_m") < shown.index("In the way"), "seen before asked"
    refused, _ = guided(FakeWork(plan_of(ONE, TWO, findings=(finding("2"),))), Script(""))
    assert isinstance(refused.error, PlanRefused)
    assert refused.ending.stories == []


def test_what_cannot_be_waived_can_be_left_out() -> None:
    start = plan_of(ONE, TWO, findings=(finding("2", waivable=False),))
    flow, _ = guided(FakeWork(start), Script("because"))
    assert isinstance(flow.error, PlanRefused)
    work = FakeWork(start)
    flow, _ = guided(work, Script("skip", "y"))
    assert flow.error is None
    assert work.done == ["vet without 2", "apply 1"]


def test_nothing_is_applied_on_a_standby() -> None:
    flow, shown = guided(FakeWork(plan_of(ONE), standby=True), Script("y"))
    assert isinstance(flow.error, PlanRefused)
    assert "STANDBY" in shown


def test_nothing_pending() -> None:
    flow, shown = guided(FakeWork(plan_of()), Script())
    assert flow.complete
    assert shown.endswith("Nothing is pending.\n")


PEAK = PeakHours.of("08:00-19:00 Europe/Paris")
NOON = dt.datetime(2026, 1, 15, 11, 0, tzinfo=dt.UTC)


def risky(version: str) -> PlannedMigration:
    return planned(version, HIGH)


def test_peak_hours_ask_again_once_and_only_for_what_is_risky() -> None:
    work, script = FakeWork(plan_of(ONE, risky("2"), risky("3"))), Script("y", "y", "yes", "y")
    _, shown = guided(work, script, now=lambda: NOON, peak=PEAK)
    assert work.done == ["apply 1", "apply 2", "apply 3"]
    assert [kind for kind, _ in script.asked] == [Kind.APPLY, Kind.APPLY, Kind.PEAK, Kind.APPLY]
    assert "It is 12:00 in Europe/Paris, peak hours until 19:00" in shown
    assert "PEAK HOURS (08:00-19:00)" in shown


@pytest.mark.parametrize("answer", ["y", "", "no", "YES!"])
def test_only_a_whole_yes_is_one(answer: str) -> None:
    work = FakeWork(plan_of(risky("1")))
    guided(work, Script("y", answer, "n"), now=lambda: NOON, peak=PEAK)
    assert work.done == []


def test_the_clock_is_read_when_it_matters() -> None:
    times = iter(
        [dt.datetime(2026, 1, 15, 6, 59, tzinfo=dt.UTC)] * 2
        + [dt.datetime(2026, 1, 15, 7, 0, tzinfo=dt.UTC)] * 9
    )
    work, script = FakeWork(plan_of(risky("1"), risky("2"))), Script("y", "y", "no", "quit")
    guided(work, script, now=lambda: next(times), peak=PEAK)
    assert work.done == ["apply 1"]
    assert (Kind.PEAK, "2") in script.asked


def test_every_question_has_a_flag() -> None:
    assert set(FLAGS) == set(Kind)
    flags = Flags(Script(), yes=True, skip=["2"], during_peak=True)
    assert flags.ask(Question(Kind.APPLY, "?", "1")) == "yes"
    assert flags.ask(Question(Kind.APPLY, "?", "2")) == "skip"
    assert flags.ask(Question(Kind.ACCEPT, "?", "2")) == "skip"
    assert flags.ask(Question(Kind.PEAK, "?", "2")) == "yes"
    for kind, flag in FLAGS.items():
        with pytest.raises(PlanRefused, match=flag.partition(" ")[0]):
            Nobody().ask(Question(kind, "?"))
    peak = Flags(Script("n", "no reason"), yes=False, skip=[], during_peak=True)
    assert peak.ask(Question(Kind.APPLY, "?", "1")) == "n", "no flag answers another question"
    assert peak.ask(Question(Kind.ACCEPT, "?", "1")) == "no reason"
    yes = Flags(Script("a reason", "no"), yes=True, skip=["2"], during_peak=False)
    assert yes.ask(Question(Kind.ACCEPT, "?", "1")) == "a reason"
    assert yes.ask(Question(Kind.PEAK, "?", "1")) == "no"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("y", Answer.YES), ("YES", Answer.YES), ("n", Answer.NO), ("p", Answer.PREVIEW), ("det", Answer.DETAILS),
        ("dry run".replace(" ", "_"), Answer.DRY_RUN), ("dryrun", Answer.DRY_RUN), ("s", Answer.SKIP), ("q", Answer.QUIT),
        ("d", None), ("", None), (" ", None), ("yess", None), ("?", None), ("no way", None),
    ],
)  # fmt: skip
def test_answers_are_understood_where_they_are_unambiguous(text: str, answer: Answer | None) -> None:
    assert understood(text) is answer


def test_a_person_who_is_gone_gives_no_answer() -> None:
    out = io.StringIO()
    person = Person(out, io.StringIO(" y \n"))
    assert person.ask(Question(Kind.APPLY, "Apply?")) == "y"
    assert out.getvalue() == "Apply? "
    with pytest.raises(EOFError):
        person.ask(Question(Kind.APPLY, "Apply?"))
