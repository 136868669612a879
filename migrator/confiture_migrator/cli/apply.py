"""`confiture-migrate apply`."""

from collections.abc import Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.carried import carried
from confiture_migrator.events import Sink
from confiture_migrator.execute.plan_run import apply_plan
from confiture_migrator.plan import load_plan
from confiture_migrator.target import environment_of

_EXAMPLES = """\
  confiture-migrate apply plan.json
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
    given = options.parse(made, arguments)
    if given.targets:
        from confiture_migrator.cli.fleet import apply_to_fleet

        return apply_to_fleet(made, given)
    plan, plan_hash = load_plan(given.plan)
    config = options.configuration(given)
    if given.env is None and plan.environment and plan.environment in config.environments:
        given.env = plan.environment
    environment_of(config, given.env)
    target = options.target(given, config)

    def carry(sink: Sink) -> Sequence[str]:
        return apply_plan(config, plan, plan_hash, target, sink, resume=given.resume).skipped

    return carried(options.sink(given), given.format, carry, "applied")
