"""`confiture-lint explain`."""

import json
import sys
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.check import all_rules
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration
from confiture_linter.engine.page import rule_page
from confiture_linter.model import ConfigError, Problem


def run(arguments: Sequence[str]) -> int:
    """Print the page of a rule."""
    made = options.parser("explain", "Say why a rule exists.", "  confiture-lint explain missing-primary-key")
    made.add_argument("rule", help="name of a rule")
    made.add_argument("--format", choices=("text", "json"), default="text")
    given = options.parse(made, arguments)
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
