"""Options that commands share, and how arguments are parsed."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from confiture_linter.cli.exit_code import ExitCode

EXIT_CODES = "exit codes: 0 clean, 1 findings, 2 usage, configuration, unreadable input, internal error"


class Parser(argparse.ArgumentParser):
    """An argument parser that says in one line what is wrong and exits with 2."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with 2."""
        sys.stderr.write(f"error: {message} (see `{self.prog} --help`)\n")
        raise SystemExit(int(ExitCode.USAGE))


def parser(command: str, description: str, examples: str = "") -> Parser:
    """A parser for one command with the options all commands have."""
    made = Parser(
        prog=f"confiture-lint {command}",
        description=description,
        epilog=(f"examples:\n{examples}\n\n" if examples else "") + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--config", metavar="FILE", help="use this confiture.yaml instead of the nearest one")
    made.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours (default: on a terminal)",
    )
    made.add_argument("-q", "--quiet", action="store_true", help="print findings only")
    made.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="also count what was suppressed, and list all that was not analysed",
    )
    return made


def tree_options(made: Parser) -> None:
    """Options of every command that reads the tree."""
    made.add_argument("paths", nargs="*", default=[], metavar="PATH", help="files or folders")
    made.add_argument("--no-cache", action="store_true", help="parse every file anew")
    made.add_argument("--postgres", type=int, metavar="N", help="target major version, 13 to 18")


def at_option(made: Parser) -> None:
    """`--at REF` of the commands that can read a revision instead of the disk."""
    made.add_argument(
        "--at", metavar="REF", help="read the tree of a git revision, with its own configuration"
    )


def parse(made: Parser, arguments: Sequence[str]) -> argparse.Namespace:
    """Parse intermixed options and paths."""
    return made.parse_intermixed_args(list(arguments))


def use_color(choice: str) -> bool:
    """`--color`, then NO_COLOR, then FORCE_COLOR, then whether stdout is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def use_ascii() -> bool:
    """Whether the terminal cannot be trusted with more than ASCII."""
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return not encoding.startswith("utf")
