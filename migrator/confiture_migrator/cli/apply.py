"""`confiture-migrate apply`."""

import datetime as dt
from argparse import Namespace
from collections.abc import Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.carried import carried
from confiture_migrator.cli.wizard import answer_options, guided, refuse_unless_asked
from confiture_migrator.errors import PlanRefused
from confiture_migrator.events import Sink
from confiture_migrator.execute.plan_run import apply_plan
from confiture_migrator.plan import Plan, load_plan
from confiture_migrator.plan.peak_hours import PeakHours, peak_hours_of, risky
from confiture_migrator.target import environment_of

_EXAMPLES = """\
  confiture-migrate apply plan.json
  confiture-migrate apply plan.json --interactive   # ask about each migration
  confiture-migrate apply plan.json --resume        # after it stopped half-way
  confiture-migrate apply plan.json --format json --log json
  confiture-migrate apply plan.json --targets targets.yaml   # many databases, in waves"""


def run(arguments: Sequence[str]) -> int:
    """Carry a plan out."""
    made = options.parser(
        "apply", "Carry a plan out, after verifying every hash, the ledger and the target.", _EXAMPLES
    )
    options.format_option(made, "text", "json")
    made.add_argument("plan", metavar="PLAN", help="the file that `plan` wrote")
    made.add_argument("--resume", action="store_true", help="go on where an earlier run of this plan stopped")
    made.add_argument(
        "--targets", metavar="FILE", help="apply to every database of this file, in waves, a canary first"
    )
    made.add_argument("--interactive", action="store_true", help="show and ask, as `wizard` does")
    answer_options(made)
    given = options.parse(made, arguments)
    if given.targets and given.interactive:
        made.error("--targets and --interactive exclude each other")
    if given.interactive:
        refuse_unless_asked(given)
    else:
        _refuse_wizardry(made, given)
    if given.targets:
        from confiture_migrator.cli.fleet import apply_to_fleet

        if not given.during_peak:
            fleet_plan, _ = load_plan(given.plan)
            peak = peak_hours_of(options.configuration(given), fleet_plan.environment)
            _refuse_in_peak_hours(fleet_plan, peak, dt.datetime.now(dt.UTC))
        return apply_to_fleet(made, given)
    plan, plan_hash = load_plan(given.plan)
    config = options.configuration(given)
    if given.env is None and plan.environment and plan.environment in config.environments:
        given.env = plan.environment
    environment_of(config, given.env)
    target = options.target(given, config)
    if given.interactive:
        rest = f"{given.plan.removesuffix('.json')}.rest.json"
        return guided(given, config, target, plan, rest, plan_hash)
    if not given.during_peak:
        _refuse_in_peak_hours(plan, peak_hours_of(config, target.environment), dt.datetime.now(dt.UTC))

    def carry(sink: Sink) -> Sequence[str]:
        return apply_plan(config, plan, plan_hash, target, sink, resume=given.resume).skipped

    return carried(options.sink(given), given.format, carry, "applied")


def _refuse_wizardry(made: options.Parser, given: Namespace) -> None:
    """Options that only make sense where something is asked: nobody should believe that --skip was heeded."""
    for name in ("skip", "fill", "restore", "shadow_url"):
        if getattr(given, name):
            made.error(f"--{name.replace('_', '-')} is for --interactive")


def _refuse_in_peak_hours(plan: Plan, peak: PeakHours | None, now: dt.datetime) -> None:
    if peak is None or not peak.contains(now):
        return
    waiting = [each.name for each in plan.migrations if risky(each)]
    if waiting:
        raise PlanRefused(
            f"it is {peak.here(now):%H:%M} in {peak.zone_name}, peak hours until {peak.until}, and the risk of "
            f"{', '.join(waiting)} is not low; nothing was changed. Wait, or --during-peak"
        )
