"""`confiture-migrate status`."""

from collections.abc import Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import status_document, status_text
from confiture_migrator.execute.session import Session
from confiture_migrator.execute.settle import settle_interrupted
from confiture_migrator.ledger import Ledger
from confiture_migrator.ledger.status import status_of
from confiture_migrator.migrations import find_migrations
from confiture_migrator.plan.values import PlanSettings

_EXAMPLES = """\
  confiture-migrate status
  confiture-migrate status --env production --format json"""


def run(arguments: Sequence[str]) -> int:
    """Say where a database stands; what was interrupted is reconciled."""
    made = options.parser(
        "status",
        "Say what is applied, pending, interrupted, failed or edited. Exits with 1 if a person is needed.",
        _EXAMPLES,
    )
    options.format_option(made, "text", "json")
    given = options.parse(made, arguments)
    config = options.configuration(given)
    target = options.target(given, config)
    migrations = find_migrations(config)
    session = Session(target.url, PlanSettings())
    try:
        told = settle_interrupted(config, session, migrations)
        entries = Ledger(session.connection).entries()
    finally:
        session.close()
    status = status_of(migrations, entries, target.environment or None, told)
    options.write(status_document(status) if given.format == "json" else status_text(status))
    return ExitCode.OK if status.ok else ExitCode.REFUSED
