"""`confiture-migrate rollback`."""

from collections.abc import Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.carried import carried
from confiture_migrator.events import Sink
from confiture_migrator.execute.rollback import Wanted, rollback

_EXAMPLES = """\
  confiture-migrate rollback                  # the last migration
  confiture-migrate rollback --last 3
  confiture-migrate rollback --to 0031        # what came after version 0031; it stays"""


def run(arguments: Sequence[str]) -> int:
    """Take migrations back."""
    made = options.parser("rollback", "Take applied migrations back, the newest first.", _EXAMPLES)
    options.format_option(made, "text", "json")
    which = made.add_mutually_exclusive_group()
    which.add_argument("--last", type=int, metavar="N", help="how many (default: 1)")
    which.add_argument("--to", metavar="VERSION", help="take back what was applied after VERSION")
    which.add_argument("--resume", action="store_true", help="go on with a rollback that stopped half-way")
    options.timeout_options(made)
    given = made.parse_args(list(arguments))
    if given.last is not None and given.last < 1:
        made.error("--last must be 1 or more")
    config = options.configuration(given)
    target = options.target(given, config)
    wanted = Wanted(given.last, given.to, given.resume)

    def carry(sink: Sink) -> Sequence[str]:
        rollback(config, target, wanted, options.settings(given, target.settings), sink)
        return ()

    return carried(options.sink(given), given.format, carry, "reverted")
