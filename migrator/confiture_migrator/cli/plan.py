"""`confiture-migrate plan`."""

import os
import re
import sys
from argparse import Namespace
from collections.abc import Sequence

from confiture_linter.config import Config, Environment
from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import plan_text
from confiture_migrator.errors import MigrateError
from confiture_migrator.migrations import find_migrations
from confiture_migrator.plan.ask import ask_target, plan_for
from confiture_migrator.plan.document import plan_bytes, plan_hash
from confiture_migrator.plan.pending import changed_files
from confiture_migrator.plan.values import Plan, Waiver
from confiture_migrator.target import Target, environment_of, target_of

_EXAMPLES = """\
  confiture-migrate plan --env production --output plan.json
  confiture-migrate plan --all                      # no database: all migrations, for a dry-run
  confiture-migrate plan --waive column-dropped@db/migrations/0042_x.up.sql:3 --reason "ticket 881" """


def run(arguments: Sequence[str]) -> int:
    """Make a plan; refused, it is shown and not written."""
    given = options.parse(_parser(), arguments)
    config = options.configuration(given)
    environment = environment_of(config, given.env)
    here = ask_target(_target(given, config), config)
    migrations = find_migrations(config)
    for file in changed_files(migrations, here.entries):
        sys.stderr.write(f"warning: {file} was edited after it was applied; that edit is in no plan\n")
    accepted = environment[1] if environment else Environment()
    settings = options.settings(given, accepted)
    plan = plan_for(config, environment, here, migrations, settings, waivers(given), everything=given.all)
    return _written(given, plan)


def _parser() -> options.Parser:
    made = options.parser("plan", "Vet the pending migrations and write the plan.", _EXAMPLES)
    options.format_option(made, "text", "json")
    made.add_argument(
        "--output", metavar="FILE", help="where the plan goes (default: plan.json; json: stdout only)"
    )
    made.add_argument(
        "--all",
        action="store_true",
        help="all migrations, whatever the ledger says; works without a database",
    )
    options.timeout_options(made)
    waiver_options(made)
    return made


def waiver_options(made: options.Parser) -> None:
    """`--waive` and `--reason`."""
    made.add_argument(
        "--waive",
        action="append",
        default=[],
        metavar="RULE@FILE:LINE",
        help="take responsibility for a finding",
    )
    made.add_argument("--reason", metavar="TEXT", help="why what is waived is acceptable")


def _target(given: Namespace, config: Config) -> Target | None:
    """The target; with --all it may be missing, or its variable unset."""
    if not given.all:
        return options.target(given, config)
    try:
        return target_of(config, given.env, given.database_url)
    except MigrateError as error:
        if given.database_url is not None:
            raise
        if not given.quiet:
            sys.stderr.write(f"note: {error}; the plan is made without a database and fits a dry-run only\n")
        return None


def waivers(given: Namespace) -> list[Waiver]:
    """The findings that `--waive` and `--reason` take responsibility for."""
    if given.waive and not (given.reason or "").strip():
        raise MigrateError("--waive needs --reason TEXT: why is it acceptable?")
    if given.reason and not given.waive:
        raise MigrateError("--reason is for --waive RULE@FILE:LINE")
    made = []
    for text in given.waive:
        found = re.fullmatch(r"([a-z0-9-]+)@(.+):(\d+)", text)
        if found is None:
            raise MigrateError(f"--waive {text}: write RULE@FILE:LINE, as a finding shows them")
        made.append(Waiver(found[1], found[2].replace(os.sep, "/"), int(found[3]), given.reason))
    return made


def _written(given: Namespace, plan: Plan) -> int:
    data = plan_bytes(plan)
    refused = plan.refusals
    output = given.output or ("plan.json" if given.format == "text" else None)
    if output and not refused:
        with open(output, "wb") as file:  # noqa: PTH123 - the path as the user spells it
            file.write(data)
    if given.format == "json":
        options.write(data.decode())
    else:
        options.write(plan_text(plan, plan_hash(plan), verbose=given.verbose))
    if refused:
        sys.stderr.write(
            f"refused: {len(refused)} {'error' if len(refused) == 1 else 'errors'}; put it right, or --waive RULE@FILE:LINE "
            "--reason TEXT. No plan was written\n"
        )
        return ExitCode.REFUSED
    if output and not given.quiet:
        sys.stderr.write(f"written: {output}\n")
    return ExitCode.OK
