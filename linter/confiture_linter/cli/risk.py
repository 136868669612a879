"""`confiture-lint risk`."""

import sys
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration, workspace
from confiture_linter.engine.assessment import assess, snapshot_of
from confiture_linter.engine.opening import shown_path
from confiture_linter.engine.risk_document import render_json, render_text

_EXAMPLES = """\
  confiture-lint risk
  confiture-lint risk --since git:origin/main
  confiture-lint risk --since 0041 --format json"""


def run(arguments: Sequence[str]) -> int:
    """Say how dangerous the pending migrations are, on four axes."""
    made = options.parser("risk", "Say how dangerous the pending migrations are, on four axes.", _EXAMPLES)
    options.tree_options(made)
    made.add_argument("--since", metavar="VERSION|git:REF", help="what was applied already; default: nothing")
    made.add_argument("--format", choices=("text", "json"), default="text")
    given = options.parse(made, arguments)
    config = configuration(given)
    opened = workspace(config, given, rules=())
    found = assess(opened, snapshot_of(config))

    def name(path: str) -> str:
        return shown_path(config, path)

    if given.format == "json":
        sys.stdout.write(render_json(found, name))
    else:
        sys.stdout.write(render_text(found, name, ascii_only=options.use_ascii()))
    return ExitCode.CLEAN
