"""`confiture-lint explain RULE`, and `explain --plan FILE:LINE`."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.check import all_rules
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration
from confiture_linter.engine.page import rule_page
from confiture_linter.model import ConfigError, Problem

_EXAMPLES = """\
  confiture-lint explain missing-primary-key
  confiture-lint explain --plan db/migrations/0042_retype.sql:3"""


def run(arguments: Sequence[str]) -> int:
    """Print the page of a rule, or a way to do what a statement does without anyone having to wait."""
    made = options.parser(
        "explain", "Say why a rule exists, or how to do safely what a statement does.", _EXAMPLES
    )
    made.add_argument("rule", nargs="?", help="name of a rule")
    made.add_argument("--plan", metavar="FILE:LINE", help="plan the statement of a migration in safe stages")
    made.add_argument("--postgres", type=int, metavar="N", help="target major version, 13 to 18")
    made.add_argument("--format", choices=("text", "json"), default="text")
    given = options.parse(made, arguments)
    if (given.plan is None) == (given.rule is None):
        made.error("give either a rule or --plan FILE:LINE")
    if given.plan is not None:
        return _plan(given)
    registry = all_rules(configuration(given))
    for rule in registry:
        if given.rule == rule.name or given.rule in rule.aliases:
            page = rule_page(rule)
            if given.format == "json":
                document = {
                    "version": 1,
                    "name": rule.name,
                    "family": rule.family,
                    "severity": rule.severity,
                    "markdown": page,
                }
                page = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
            sys.stdout.write(page)
            return ExitCode.CLEAN
    from difflib import get_close_matches

    close = get_close_matches(given.rule, [rule.name for rule in registry], 1, 0.5)
    hint = f"did you mean {close[0]}?" if close else "`confiture-lint rules` lists all"
    raise ConfigError((Problem("", 0, 0, f"no rule is called {given.rule}", hint),))


def _plan(given: Namespace) -> int:
    from confiture_linter.engine.plans import plans_at, render_json, render_text

    config = configuration(given)
    path, _, line = given.plan.rpartition(":")
    if not path or not line.isdigit():
        raise ConfigError(
            (Problem("", 0, 0, f"--plan {given.plan}: write FILE:LINE", "for example a.sql:3"),)
        )
    found = plans_at(config, path, int(line))
    sys.stdout.write(render_json(found) if given.format == "json" else render_text(found))
    return ExitCode.CLEAN
