"""`confiture-lint check`."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration, existing_paths, tree_paths, workspace
from confiture_linter.config import Config
from confiture_linter.engine.answer import Answer, AnyRule, answer_key, failed, report_of
from confiture_linter.engine.cache import Cache, cache_directory, digest
from confiture_linter.engine.opening import Opening, Overlay, begin_workspace, shown_path
from confiture_linter.model import ConfigError, Severity, SourceError
from confiture_linter.report import FORMATS, RenderOptions, load
from confiture_linter.version import __version__

if TYPE_CHECKING:
    from confiture_linter.engine.baseline import BaselineEntry
    from confiture_linter.engine.selection import ActiveRule
    from confiture_linter.engine.workspace import Workspace

_EXAMPLES = """\
  confiture-lint check
  confiture-lint check db/schema/orders --format concise
  confiture-lint check --select tenancy,missing-object --fail-on error
  confiture-lint check --format sarif --output findings.sarif --exit-zero"""


def run(arguments: Sequence[str]) -> int:
    """Lint, print, and say by the exit code whether anything counts."""
    parser = _parser()
    given = options.parse(parser, arguments)
    if given.stdin_filename and (given.fix or given.unsafe_fixes or given.diff):
        parser.error("what is read from stdin cannot be fixed in place: --stdin-filename goes without --fix")
    config = configuration(given, cached=not given.no_cache)
    existing_paths(config, given.paths)
    opening = begin_workspace(config, tree_paths(config, given.paths), overlays=_overlays(given, config))
    key = _key(given, config, opening)
    cache = Cache(cache_directory() or "") if key else None
    answer: Answer | None = cache.load("answer", key) if cache and key else None
    rules: tuple[AnyRule, ...] = ()
    if answer is None:
        answer, rules = _linted(opening, given, config)
        if cache and key and not _from_outside(rules):
            cache.store("answer", key, answer)
    elif given.format in _NEED_RULES or given.statistics:
        rules = tuple(item.rule for item in _active(all_rules(config), given, config))
    made = report_of(
        answer, opening.extraction.sources, lambda p: shown_path(config, p), _wanted(given, config), rules
    )
    if not given.diff:
        _write(load(given.format)(made, _render_options(given)), given.output)
    if _unreadable(opening, made.files, config):
        return ExitCode.USAGE
    threshold = Severity(given.fail_on) if given.fail_on else config.lint.fail_on
    if given.exit_zero or not failed(made, threshold):
        return ExitCode.CLEAN
    return ExitCode.FINDINGS


_NEED_RULES = frozenset({"sarif", "lsp"})
"""Formats that print what rules say of themselves."""


def _unreadable(opening: Opening, shown: Sequence[str], config: Config) -> bool:
    """Say on stderr which files could not be read: no option makes a run without them a good one."""
    found = False
    for source in opening.extraction.sources:
        for problem in source.problems:
            path = shown_path(config, source.path)
            if problem.kind in ("unreadable", "too-large") and path in shown:
                sys.stderr.write(f"error: {path}: {problem.message}\n")
                found = True
    return found


def _linted(opening: Opening, given: Namespace, config: Config) -> tuple[Answer, tuple[AnyRule, ...]]:
    """Do the work: load rules while the second process parses, then replay and check."""
    opening.extraction.start()
    # Imported only now, while the second process parses.
    from confiture_linter.engine.check import answer, check
    from confiture_linter.engine.workspace import finish_workspace

    registry = all_rules(config)
    active = _active(registry, given, config)
    opened = finish_workspace(opening, active, given.since)
    if opened.problems:
        raise ConfigError(opened.problems)
    if given.fix or given.unsafe_fixes or given.diff:
        opened = _fixed(opened, active, registry, given, config)
    checked = check(opened, active, registry, _baseline(given, config))
    return answer(opened, checked), tuple(item.rule for item in active)


def _active(registry: Sequence[AnyRule], given: Namespace, config: Config) -> "tuple[ActiveRule, ...]":
    from confiture_linter.engine.selection import select_rules

    return select_rules(registry, config, _names(given.select), _names(given.ignore))


def _key(given: Namespace, config: Config, opening: Opening) -> str | None:
    """The cache key of this run; None if it must not be answered from the cache."""
    if given.no_cache or given.fix or given.unsafe_fixes or given.diff or opening.extraction.sources == []:
        return None
    if ":" in config.schema.order + config.migrations.order:
        return None  # a load list, a plan or a driver file: more files than are digested here
    baseline = ""
    path = _baseline_path(given, config)
    if path:
        try:
            with open(path, "rb") as file:
                baseline = digest([file.read()])
        except OSError:
            baseline = "none"
    chosen = [",".join(_names(given.select)), ",".join(_names(given.ignore)), baseline, str(config.postgres)]
    since = given.since or config.migrations.since
    if since:
        chosen.append(since)
        chosen += _changed(since, config)
    chosen += (*opening.unread, *_installed())
    return answer_key(config, opening.extraction.sources, chosen)


def _installed() -> list[str]:
    """What changes when a package with rules is installed or removed."""
    found = []
    for path in sys.path:
        try:
            found.append(f"{path} {os.stat(path or '.').st_mtime_ns}")
        except OSError:
            continue
    return found


def _from_outside(rules: Sequence[AnyRule]) -> bool:
    """Whether a rule comes from an entry point: what it says may change without a trace in the key."""
    return any(
        not rule.check.__module__.startswith(("confiture_rules.", "confiture_linter.")) for rule in rules
    )


def all_rules(config: Config) -> tuple[AnyRule, ...]:
    """Built-in rules, plugins and the configuration's own, sorted by name."""
    from confiture_linter.engine.custom import custom_rules
    from confiture_linter.engine.registry import load_rules

    loaded = load_rules(config.lint.plugins)
    own = custom_rules(config, {rule.name for rule in loaded})
    return tuple(sorted((*loaded, *own), key=lambda rule: rule.name))


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
    made.add_argument(
        "--since",
        metavar="VERSION|git:REF",
        help="judge migrations after a version; or report only files changed since a revision",
    )
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
    if sys.stdin is None:
        raise SourceError("--stdin-filename: standard input is closed")
    return [Overlay(path, sys.stdin.buffer.read())]


def _baseline_path(given: Namespace, config: Config) -> str:
    if given.baseline:
        if not os.path.exists(given.baseline):
            raise SourceError(f"{given.baseline}: no such file")
        return str(given.baseline)
    if config.lint.baseline:
        return os.path.join(config.root, config.lint.baseline)
    return ""


def _baseline(given: Namespace, config: Config) -> "tuple[BaselineEntry, ...]":
    from confiture_linter.engine.baseline import read_baseline

    path = _baseline_path(given, config)
    return read_baseline(path) if path else ()


def _wanted(given: Namespace, config: Config) -> Callable[[str], bool]:
    """PATHS restrict what is reported, never what is analysed."""
    if given.stdin_filename:
        paths = [given.stdin_filename]
    elif given.since and given.since.startswith("git:"):
        paths = _changed(given.since, config)
    elif config.schema.roots or config.migrations.roots:
        paths = given.paths
    else:
        paths = []
    if not (paths or (given.since or "").startswith("git:")):
        return lambda _path: True
    wanted = {os.path.abspath(path) for path in paths}

    def below(path: str) -> bool:
        path = os.path.abspath(path)
        return path in wanted or any(path.startswith(os.path.join(folder, "")) for folder in wanted)

    return below


def _changed(since: str, config: Config) -> list[str]:
    """Files changed since `git:REF`, relative to the working directory; none where `since` is a version."""
    if not since.startswith("git:"):
        return []
    from confiture_linter.engine.revision import changed_since

    return changed_since(since, config.root)


def _render_options(given: Namespace) -> RenderOptions:
    here = os.getcwd()
    return RenderOptions(
        color=options.use_color(given.color) and not given.output,
        ascii=options.use_ascii() and not given.output,
        verbose=given.verbose,
        statistics=given.statistics,
        root=here.replace(os.sep, "/"),
        prefix=_below_repository(here) if given.format in _FOR_CODE_HOSTS else "",
        version=__version__,
    )


_FOR_CODE_HOSTS = frozenset({"sarif", "github", "gitlab"})
"""Formats whose paths begin at the top of the repository."""


def _below_repository(folder: str) -> str:
    """The working directory as seen from the top of its git repository; empty at the top, or without one."""
    top = folder
    while not os.path.exists(os.path.join(top, ".git")):
        parent = os.path.dirname(top)
        if parent == top:
            return ""
        top = parent
    below = os.path.relpath(folder, top).replace(os.sep, "/")
    return "" if below == "." else below


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        with open(output, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise SourceError(f"{output}: {error.strerror}") from None


def _fixed(
    opened: "Workspace",
    active: "Sequence[ActiveRule]",
    registry: Sequence[AnyRule],
    given: Namespace,
    config: Config,
) -> "Workspace":
    from confiture_linter.engine.check import Checked, check
    from confiture_linter.engine.fix import apply_fixes, difference

    def again(overlays: Sequence[Overlay]) -> "tuple[Workspace, Checked]":
        current = workspace(config, given, overlays=overlays, rules=active) if overlays else opened
        checked = check(current, active, registry)
        here = [finding for finding in checked.findings if wanted(shown_path(config, finding.path))]
        return current, checked._replace(findings=here)

    wanted = _wanted(given, config)
    fixed = apply_fixes(again, unsafe=given.unsafe_fixes)
    if given.diff:
        sys.stdout.write(difference(fixed))
        return opened
    for change in fixed:
        with open(change.disk, "wb") as file:
            file.write(change.after)
    return workspace(config, given, rules=active) if fixed else opened


__all__ = ["all_rules", "run"]
