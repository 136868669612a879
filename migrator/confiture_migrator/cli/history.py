"""`confiture-migrate history`."""

from collections.abc import Sequence
from datetime import UTC, datetime

from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import document, entry_document
from confiture_migrator.execute.plan_run import telling
from confiture_migrator.execute.session import Session
from confiture_migrator.history.merge import history_of
from confiture_migrator.history.render_html import Heading
from confiture_migrator.history.render_json import line_document
from confiture_migrator.ledger import Ledger
from confiture_migrator.plan.values import PlanSettings
from confiture_migrator.target import connect, identity_of

_EXAMPLES = """\
  confiture-migrate history
  confiture-migrate history --format html --output history.html
  confiture-migrate history --format json"""


def run(arguments: Sequence[str]) -> int:
    """Show what happened: applied, failed, taken back."""
    made = options.parser("history", "List what was done to the database, oldest first.", _EXAMPLES)
    options.format_option(made, "table", "json", "html")
    made.add_argument("--output", metavar="FILE", help="write to FILE instead of stdout")
    made.add_argument(
        "--send-queued",
        action="store_true",
        help="first tell pgGit of the events that wait in the local queue",
    )
    given = options.parse(made, arguments)
    config = options.configuration(given)
    target = options.target(given, config)
    if given.send_queued:
        session = Session(target.url, PlanSettings())
        try:
            with telling(config, session, options.sink(given)):
                pass
        finally:
            session.close()
    with connect(target.url) as connection:
        entries = Ledger(connection).entries()
        lines = history_of(config, connection)
        here = identity_of(connection)
    if given.format == "json":
        text = document(
            {
                "migrations": [entry_document(entry) for entry in entries],
                "events": [line_document(line) for line in lines],
            }
        )
    elif given.format == "html":
        from confiture_migrator.history.render_html import render as render_html

        heading = Heading(here.database, here.server_version, target.environment, datetime.now(UTC))
        text = render_html(lines, heading)
    else:
        from confiture_migrator.history.render_text import render as render_text

        text = render_text(lines)
    options.write_to(text, given.output)
    return ExitCode.OK
