"""`confiture-migrate show`."""

import sys
from collections.abc import Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import plan_text
from confiture_migrator.execute.job import Executor, job_of
from confiture_migrator.execute.plan_run import verified_files
from confiture_migrator.execute.print_sql import PrintSql
from confiture_migrator.plan import load_plan, plan_bytes

_EXAMPLES = """\
  confiture-migrate show plan.json
  confiture-migrate show plan.json --sql > review.sql"""


def run(arguments: Sequence[str]) -> int:
    """Show a plan, after making sure that nobody changed it."""
    made = options.parser("show", "Show a plan, or the SQL of it.", _EXAMPLES)
    options.format_option(made, "text", "json")
    made.add_argument("plan", metavar="PLAN", help="the file that `plan` wrote")
    made.add_argument("--sql", action="store_true", help="print the SQL that `apply` would send")
    given = options.parse(made, arguments)
    plan, plan_hash = load_plan(given.plan)
    if given.sql:
        config = options.configuration(given)
        files = verified_files(config, plan)
        executor: Executor = PrintSql(sys.stdout, plan.settings, plan_hash)
        for planned in plan.migrations:
            executor.run(
                job_of(config, files[planned.version], planned.hooks, transaction=planned.transaction)
            )
    elif given.format == "json":
        options.write(plan_bytes(plan).decode())
    else:
        options.write(plan_text(plan, plan_hash, verbose=given.verbose))
    return ExitCode.OK
