"""`confiture-migrate dry-run`."""

import sys
from argparse import Namespace
from collections.abc import Sequence

from confiture_linter.config import Config
from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import document, dry_run_text
from confiture_migrator.errors import MigrateError
from confiture_migrator.events import Sink
from confiture_migrator.plan import load_plan
from confiture_migrator.plan.snapshot import read_sizes
from confiture_migrator.plan.values import Plan
from confiture_migrator.rehearse.dry_run import Options, on_shadow, on_target
from confiture_migrator.rehearse.values import DryRun
from confiture_migrator.shadow import Shadow, ShadowError
from confiture_migrator.target import url_from

_EXAMPLES = """\
  confiture-migrate dry-run plan.json                       # on a throw-away PostgreSQL
  confiture-migrate dry-run plan.json --fill 100000 --repeat 3
  confiture-migrate dry-run plan.json --restore nightly.dump --show-sample-rows
  confiture-migrate dry-run plan.json --on-target           # in a transaction that is rolled back"""


def run(arguments: Sequence[str]) -> int:
    """Execute a plan where nothing stays, and say what PostgreSQL did."""
    given = options.parse(_parser(), arguments)
    plan, _ = load_plan(given.plan)
    config = options.configuration(given)
    wanted = rehearsal_of(given, config)._replace(samples=given.show_sample_rows)
    sink = options.sink(given)
    try:
        made = (
            _target(given, config, plan, wanted, sink)
            if given.on_target
            else _shadow(given, config, plan, wanted, sink)
        )
    except ShadowError as error:
        raise MigrateError(str(error)) from None
    if given.format == "json":
        options.write(document(made.document()))
    else:
        options.write(dry_run_text(made, verbose=given.verbose))
    return ExitCode.OK if made.ok else ExitCode.FAILED


def _parser() -> options.Parser:
    made = options.parser("dry-run", "Execute a plan where nothing of it stays, and measure.", _EXAMPLES)
    options.format_option(made, "text", "json")
    made.add_argument("plan", metavar="PLAN", help="the file that `plan` wrote")
    made.add_argument(
        "--on-target", action="store_true", help="on the target, in a transaction that is always rolled back"
    )
    rehearsal_options(made)
    made.add_argument(
        "--show-sample-rows", action="store_true", help="the first rows of what changes, before and after"
    )
    return made


def rehearsal_options(made: options.Parser) -> None:
    """Options of every dry-run."""
    made.add_argument(
        "--shadow-url",
        metavar="env:VARIABLE",
        help="server for the throw-away databases, instead of the embedded one",
    )
    rows = made.add_mutually_exclusive_group()
    rows.add_argument(
        "--restore", metavar="DUMP", help="make the shadow of what pg_dump wrote, in any of its formats"
    )
    rows.add_argument(
        "--fill", type=_count, default=0, metavar="N", help="synthetic rows a table on the shadow"
    )
    made.add_argument(
        "--repeat", type=_count, default=1, metavar="N", help="how often, for the interval of the estimate"
    )


def rehearsal_of(given: Namespace, config: Config) -> Options:
    """How a dry-run is done."""
    sizes = read_sizes(config) if given.fill else None
    return Options(given.fill, given.repeat, sizes, given.restore)


def shadow_of(given: Namespace) -> Shadow:
    """The server for throw-away databases."""
    return Shadow.at(url_from(given.shadow_url, "--shadow-url")) if given.shadow_url else Shadow.start()


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _shadow(given: Namespace, config: Config, plan: Plan, wanted: Options, sink: Sink) -> DryRun:
    with shadow_of(given) as shadow:
        return on_shadow(config, plan, shadow, wanted, sink)


def _target(given: Namespace, config: Config, plan: Plan, wanted: Options, sink: Sink) -> DryRun:
    if given.shadow_url:
        raise MigrateError("--on-target and --shadow-url exclude each other")
    if given.fill or given.restore is not None:
        option = "--fill" if given.fill else "--restore"
        raise MigrateError(f"{option} makes rows on the shadow; it does not go with --on-target")
    if given.env is None and plan.environment in config.environments:
        given.env = plan.environment
    target = options.target(given, config)
    if not given.quiet:
        sys.stderr.write(_announcement(plan))
    return on_target(config, plan, target, wanted, sink)


def _announcement(plan: Plan) -> str:
    """What is about to be held, said before it is."""
    strongest: dict[str, str] = {}
    ranks: dict[str, int] = {}
    unknown = False
    for migration in plan.migrations:
        for step in migration.steps:
            unknown = unknown or bool(step.effects.unknown)
            for relation, mode in step.effects.locks:
                if mode.rank > ranks.get(relation, -1):
                    ranks[relation], strongest[relation] = mode.rank, mode.value
    lines = [
        f"will hold {mode} on {relation} until the end\n" for relation, mode in sorted(strongest.items())
    ]
    if unknown:
        lines.append("will hold locks that were not predicted, until the end\n")
    return "".join(lines) + f"lock_timeout is {plan.settings.lock_timeout}; everything is rolled back\n"
