"""`confiture-migrate history`."""

from collections.abc import Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import document, entry_document, history_text
from confiture_migrator.ledger import Ledger
from confiture_migrator.target import connect

_EXAMPLES = """\
  confiture-migrate history
  confiture-migrate history --format json"""


def run(arguments: Sequence[str]) -> int:
    """List the ledger."""
    made = options.parser("history", "List what was applied, in the order of application.", _EXAMPLES)
    options.format_option(made, "table", "json")
    given = options.parse(made, arguments)
    target = options.target(given, options.configuration(given))
    with connect(target.url) as connection:
        entries = Ledger(connection).entries()
    if given.format == "json":
        options.write(document({"migrations": [entry_document(entry) for entry in entries]}))
    else:
        options.write(history_text(entries))
    return ExitCode.OK
