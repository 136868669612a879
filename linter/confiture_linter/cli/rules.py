"""`confiture-lint rules`."""

import json
import sys
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.check import all_rules
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration
from confiture_linter.engine.selection import select_rules


def run(arguments: Sequence[str]) -> int:
    """List all rules with family, severity and whether they are on."""
    made = options.parser(
        "rules", "List all rules.", "  confiture-lint rules\n  confiture-lint rules --format json"
    )
    made.add_argument("--format", choices=("text", "json"), default="text")
    made.add_argument("family", nargs="?", help="only this family")
    given = options.parse(made, arguments)
    config = configuration(given)
    registry = all_rules(config)
    active = {item.rule.name: item for item in select_rules(registry, config)}
    chosen = [rule for rule in registry if given.family in (None, rule.family)]
    if not chosen:
        made.error(f"there is no family {given.family}")
    if given.format == "json":
        rows = [
            {
                "name": rule.name,
                "family": rule.family,
                "severity": active[rule.name].severity if rule.name in active else rule.severity,
                "on": rule.name in active,
                "preset": rule.preset,
                "summary": rule.summary,
                "since": rule.since,
            }
            for rule in chosen
        ]
        sys.stdout.write(json.dumps({"version": 1, "rules": rows}, indent=2, ensure_ascii=False) + "\n")
        return ExitCode.CLEAN
    width = max(len(rule.name) for rule in chosen)
    family = ""
    for rule in sorted(chosen, key=lambda r: (r.family, r.name)):
        if rule.family != family:
            family = rule.family
            sys.stdout.write(f"\n{family}\n")
        on = active.get(rule.name)
        state = on.severity.value if on else "off"
        sys.stdout.write(f"  {rule.name:{width}}  {state:7}  {rule.summary}\n")
    sys.stdout.write(f"\n{len(chosen)} rules, {sum(r.name in active for r in chosen)} on\n")
    return ExitCode.CLEAN
