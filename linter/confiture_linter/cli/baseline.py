"""`confiture-lint baseline`."""

import os
import sys
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.check import all_rules
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration, workspace
from confiture_linter.engine.baseline import BaselineEntry, baseline_text, entries_text, read_baseline
from confiture_linter.engine.check import check
from confiture_linter.engine.selection import select_rules


def run(arguments: Sequence[str]) -> int:
    """Write a baseline of today's findings, or take out of it what is gone."""
    made = options.parser(
        "baseline",
        "Accept today's findings (update), or drop entries whose findings are gone (prune).",
        "  confiture-lint baseline update\n  confiture-lint baseline prune",
    )
    made.add_argument("action", choices=("update", "prune"))
    options.tree_options(made)
    made.add_argument(
        "--baseline", metavar="FILE", help="default: lint.baseline, else confiture-baseline.json"
    )
    given = options.parse(made, arguments)
    config = configuration(given)
    path = given.baseline or os.path.join(
        config.root or ".", config.lint.baseline or "confiture-baseline.json"
    )
    registry = all_rules(config)
    active = select_rules(registry, config)
    opened = workspace(config, given)
    if given.action == "update":
        checked = check(opened, active, registry)
        fixed = {rule.name for rule in registry if not rule.suppressible}
        accepted = [f for f in checked.findings if f.suppressed is None and f.rule not in fixed]
        text, told = baseline_text(accepted), f"{len(accepted)} findings accepted"
    else:
        entries = read_baseline(path)
        stale = {
            (e.path, e.rule, e.object): e.times
            for e in check(opened, active, registry, entries).baseline_stale
        }
        kept = [
            BaselineEntry(e.path, e.rule, e.object, e.times - stale.get((e.path, e.rule, e.object), 0))
            for e in entries
        ]
        text = entries_text(e for e in kept if e.times > 0)
        told = f"{sum(stale.values())} stale findings pruned"
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    if not given.quiet:
        sys.stdout.write(f"{path}: {told}\n")
    return ExitCode.CLEAN
