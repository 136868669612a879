"""`confiture-migrate snapshot`."""

from collections.abc import Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.plan.snapshot import snapshot_bytes, snapshot_text
from confiture_migrator.target import connect

_EXAMPLES = """\
  confiture-migrate snapshot --env production --output db/snapshot.json"""


def run(arguments: Sequence[str]) -> int:
    """Export catalog and sizes; the same database gives the same bytes."""
    made = options.parser(
        "snapshot", "Export catalog and table sizes, for estimates without a database.", _EXAMPLES
    )
    options.format_option(made, "json", "text")
    made.add_argument("--output", metavar="FILE", help="where it goes (default: stdout)")
    given = options.parse(made, arguments)
    target = options.target(given, options.configuration(given))
    with connect(target.url) as connection:
        connection.execute("SET default_transaction_read_only = on")
        data = snapshot_bytes(connection)
    if given.format == "text" and given.output is None:
        options.write(snapshot_text(data))
        return ExitCode.OK
    if given.output is None:
        options.write(data.decode())
        return ExitCode.OK
    with open(given.output, "wb") as file:  # noqa: PTH123 - the path as the user spells it
        file.write(data)
    return ExitCode.OK
