"""`confiture-lint config`."""

import json
import sys
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.check import all_rules
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration
from confiture_linter.config import json_schema, show
from confiture_linter.engine.selection import select_rules


def run(arguments: Sequence[str]) -> int:
    """Check the configuration, print the effective one, or print its JSON Schema."""
    made = options.parser("config", "Check or show the configuration.", "  confiture-lint config check")
    made.add_argument("action", choices=("check", "show", "schema"))
    given = options.parse(made, arguments)
    if given.action == "schema":
        sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
        return ExitCode.CLEAN
    config = configuration(given)
    if given.action == "show":
        sys.stdout.write(show(config, comments=True))
        return ExitCode.CLEAN
    registry = all_rules(config)
    active = select_rules(registry, config)
    where = config.path or "no confiture.yaml: the defaults apply"
    if not given.quiet:
        sys.stdout.write(f"{where}: fine, {len(active)} of {len(registry)} rules on\n")
    return ExitCode.CLEAN
