"""Options that all commands share, and what they come to: configuration, target, sink."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from confiture_linter.cli.options import use_color
from confiture_linter.config import Config, default_config, find_config, load_config
from confiture_linter.config.schema import CHECKS
from confiture_migrator.cli.exit_code import EXIT_CODES, ExitCode
from confiture_migrator.errors import MigrateError
from confiture_migrator.events import HumanLines, JsonLines, Silence, Sink
from confiture_migrator.plan.values import PlanSettings
from confiture_migrator.target import Target, target_of


class Parser(argparse.ArgumentParser):
    """An argument parser that says in one line what is wrong and exits with 2."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with 2."""
        sys.stderr.write(f"error: {message} (see `{self.prog} --help`)\n")
        raise SystemExit(int(ExitCode.USAGE))


def parser(command: str, description: str, examples: str) -> Parser:
    """A parser with the options that all commands have."""
    made = Parser(
        prog=f"confiture-migrate {command}",
        description=description,
        epilog=f"examples:\n{examples}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--config", metavar="FILE", help="use this confiture.yaml instead of the nearest one")
    made.add_argument(
        "--env", metavar="NAME", help="environment of confiture.yaml (default: the only one, or `default`)"
    )
    made.add_argument(
        "--database-url", metavar="env:VARIABLE", help="environment variable that holds the database URL"
    )
    made.add_argument(
        "--log", choices=("text", "json"), default="text", help="events on stderr: lines, or JSON lines"
    )
    made.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colours, progress"
    )
    made.add_argument("-q", "--quiet", action="store_true", help="no events on stderr")
    made.add_argument("-v", "--verbose", action="store_true", help="also tell of every statement")
    return made


def format_option(made: Parser, *formats: str) -> None:
    """`--format`, the first being the default."""
    made.add_argument(
        "--format",
        choices=formats,
        default=formats[0],
        help=f"what is printed on stdout (default: {formats[0]})",
    )


def parse(made: Parser, arguments: Sequence[str]) -> argparse.Namespace:
    """Parse intermixed options and arguments."""
    return made.parse_intermixed_args(list(arguments))


def configuration(given: argparse.Namespace) -> Config:
    """The configuration that applies; its warnings go to stderr."""
    path = given.config or find_config(os.getcwd())  # noqa: PTH109 - the folder as the linter finds it
    config = load_config(path) if path else default_config(".")
    for problem in config.warnings:
        if not given.quiet:
            sys.stderr.write(f"warning: {problem}\n")
    return config


def target(given: argparse.Namespace, config: Config) -> Target:
    """The database that is meant; raises `MigrateError` where none is."""
    found = target_of(config, given.env, given.database_url)
    if found is None:
        raise MigrateError(
            "no database is configured: write `environments: {default: {database_url: ${DATABASE_URL}}}` in "
            "confiture.yaml, or give --database-url env:VARIABLE"
        )
    return found


def sink(given: argparse.Namespace) -> Sink:
    """Who is told of events: stderr, as JSON lines, lines, or progress on a terminal."""
    if given.log == "json":
        return JsonLines(sys.stderr)
    if given.quiet:
        return Silence()
    if sys.stderr.isatty() and given.color != "never" and os.environ.get("TERM") != "dumb":
        from confiture_migrator.cli.progress import progress

        return progress(sys.stderr, verbose=given.verbose, color=use_color(given.color))
    return HumanLines(sys.stderr, verbose=given.verbose)


def timeout_options(made: Parser) -> None:
    """Timeouts that a plan, or a rollback, carries."""
    made.add_argument("--lock-timeout", metavar="2s", help="how long a statement waits for a lock")
    made.add_argument("--statement-timeout", metavar="5min", help="how long a statement may take")
    made.add_argument(
        "--lock-retries", metavar="N", type=int, help="how often to begin again after a lock timeout"
    )


def settings(given: argparse.Namespace, found: Any) -> PlanSettings:
    """Timeouts: of the command line, else of the environment `found`, else the defaults."""
    made = PlanSettings(lock_timeout=found.lock_timeout, statement_timeout=found.statement_timeout)
    for name in ("lock_timeout", "statement_timeout"):
        value = getattr(given, name)
        if value is None:
            continue
        check = CHECKS["duration"]
        if not re.fullmatch(check.pattern, value):
            raise MigrateError(
                f"--{name.replace('_', '-')}: {value!r} is not {check.expected} ({check.hint})"
            )
        made = made._replace(**{name: value})
    if given.lock_retries is not None:
        if given.lock_retries < 0:
            raise MigrateError("--lock-retries must be 0 or more")
        made = made._replace(lock_retries=given.lock_retries)
    return made


def write(text: str) -> None:
    """Write to stdout: the only thing there is what was asked for."""
    sys.stdout.write(text)


def write_to(text: str, output: str | None) -> None:
    """Write to a file, or to stdout."""
    if output is None:
        write(text)
        return
    try:
        Path(output).write_text(text, "utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise MigrateError(f"{output}: {error.strerror}") from None
