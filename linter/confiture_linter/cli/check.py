"""`confiture-lint check`."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration, workspace
from confiture_linter.config import Config
from confiture_linter.engine.baseline import BaselineEntry, read_baseline
from confiture_linter.engine.check import Checked, check, failed, report
from confiture_linter.engine.custom import custom_rules
from confiture_linter.engine.registry import AnyRule, load_rules
from confiture_linter.engine.selection import ActiveRule, select_rules
from confiture_linter.engine.workspace import Overlay, Workspace
from confiture_linter.model import Severity, SourceError
from confiture_linter.report import FORMATS, RenderOptions, load
from confiture_linter.version import __version__

_EXAMPLES = """\
  confiture-lint check
  confiture-lint check db/schema/orders --format concise
  confiture-lint check --select tenancy,missing-object --fail-on error
  confiture-lint check --format sarif --output findings.sarif --exit-zero"""


def run(arguments: Sequence[str]) -> int:
    """Lint, print, and say by the exit code whether anything counts."""
    given = options.parse(_parser(), arguments)
    config = configuration(given)
    registry = all_rules(config)
    active = select_rules(registry, config, _names(given.select), _names(given.ignore))
    opened = workspace(config, given, overlays=_overlays(given, config))
    if given.fix or given.unsafe_fixes or given.diff:
        opened = _fixed(opened, active, registry, given, config)
    checked = check(opened, active, registry, _baseline(given, config))
    made = report(opened, checked, active, _reported(given, config))
    text = load(given.format)(made, _render_options(given))
    _write(text, given.output)
    threshold = Severity(given.fail_on) if given.fail_on else config.lint.fail_on
    if given.exit_zero or not failed(made, threshold):
        return ExitCode.CLEAN
    return ExitCode.FINDINGS


def all_rules(config: Config) -> tuple[AnyRule, ...]:
    """Built-in rules, plugins and the configuration's own, sorted by name."""
    rules = (*load_rules(config.lint.plugins), *custom_rules(config))
    return tuple(sorted(rules, key=lambda rule: rule.name))


def _parser() -> options.Parser:
    made = options.parser("check", "Lint the schema tree.", _EXAMPLES)
    options.tree_options(made)
    made.add_argument(
        "--format", choices=tuple(FORMATS), default=_default_format(), help="output format (default: text)"
    )
    made.add_argument("--output", metavar="FILE", help="write to FILE instead of stdout")
    made.add_argument("--select", action="append", metavar="RULE,..", help="only these rules or families")
    made.add_argument("--ignore", action="append", metavar="RULE,..", help="not these rules or families")
    made.add_argument(
        "--fail-on", choices=[s.value for s in Severity], help="least severity that exits with 1"
    )
    made.add_argument("--fix", action="store_true", help="apply safe fixes")
    made.add_argument("--unsafe-fixes", action="store_true", help="apply all fixes")
    made.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    made.add_argument("--baseline", metavar="FILE", help="accept the findings listed in FILE")
    made.add_argument("--statistics", action="store_true", help="count findings by rule")
    made.add_argument("--exit-zero", action="store_true", help="exit with 0 even with findings")
    made.add_argument("--since", metavar="git:REF", help="report only files changed since a git revision")
    made.add_argument("--stdin-filename", metavar="PATH", help="read PATH's content from stdin")
    return made


def _default_format() -> str:
    """Annotations on GitHub Actions, text everywhere else."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def _names(given: list[str] | None) -> list[str]:
    return [name.strip() for part in given or () for name in part.split(",") if name.strip()]


def _overlays(given: Namespace, config: Config) -> list[Overlay]:
    if not given.stdin_filename:
        return []
    path = os.path.relpath(given.stdin_filename, config.root or ".").replace(os.sep, "/")
    return [Overlay(path, sys.stdin.buffer.read())]


def _baseline(given: Namespace, config: Config) -> tuple[BaselineEntry, ...]:
    path = given.baseline
    if path is None and config.lint.baseline:
        path = os.path.join(config.root, config.lint.baseline)  # noqa: PTH118 - as everywhere on this path
    return read_baseline(path) if path else ()


def _reported(given: Namespace, config: Config) -> Sequence[str]:
    """The paths whose findings are shown."""
    if given.stdin_filename:
        return [given.stdin_filename]
    if given.since:
        from confiture_linter.engine.revision import changed_since

        return changed_since(given.since, config.root) or ["\0nothing changed"]
    return given.paths if config.schema.roots or config.migrations.roots else ()


def _render_options(given: Namespace) -> RenderOptions:
    return RenderOptions(
        color=options.use_color(given.color) and not given.output,
        ascii=options.use_ascii() and not given.output,
        verbose=given.verbose,
        statistics=given.statistics,
        version=__version__,
    )


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        with open(output, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:  # noqa: PTH123
            file.write(text)
    except OSError as error:
        raise SourceError(f"{output}: {error.strerror}") from None


def _fixed(
    opened: Workspace,
    active: Sequence[ActiveRule],
    registry: Sequence[AnyRule],
    given: Namespace,
    config: Config,
) -> Workspace:
    from confiture_linter.engine.fix import apply_fixes, difference

    def again(overlays: Sequence[Overlay]) -> tuple[Workspace, Checked]:
        current = workspace(config, given, overlays=overlays) if overlays else opened
        return current, check(current, active, registry)

    fixed = apply_fixes(again, unsafe=given.unsafe_fixes)
    if given.diff:
        sys.stdout.write(difference(fixed))
        return opened
    for change in fixed:
        with open(change.disk, "wb") as file:  # noqa: PTH123
            file.write(change.after)
    return workspace(config, given) if fixed else opened


__all__ = ["all_rules", "run"]
