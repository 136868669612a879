"""`confiture-lint`: finds the command, keeps the process border.

Everything that can go wrong ends here as one clear message and an exit code; nothing ends in a traceback.
"""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.version import __version__

COMMANDS = {
    "check": "lint the schema (the default command)",
    "rules": "list all rules",
    "explain": "say why a rule exists and what to do instead",
    "config": "check | show | schema: the configuration",
    "baseline": "update | prune: accept what is there today",
    "graph": "print the dependency graph: json, dot, mermaid, html",
    "order": "print the build order of the files",
    "diff": "compare the schema at two git revisions",
    "impact": "say what breaks when an object changes",
    "risk": "say how dangerous the pending migrations are",
    "lineage": "say which columns a column is made of",
    "effects": "say what migrations lock, rewrite and read",
}
"""Command to one line of help; each is a module of this package with `run(arguments)`."""

_HELP = f"""usage: confiture-lint [COMMAND] [PATHS] [OPTIONS]

Static analysis for PostgreSQL schemas. Reads SQL files; connects to nothing, runs nothing.

commands:
{chr(10).join(f"  {name:10} {text}" for name, text in COMMANDS.items())}

`confiture-lint COMMAND --help` explains a command and its options.

examples:
  confiture-lint                      lint what confiture.yaml says, or everything below this folder
  confiture-lint check db/schema      report only what concerns these paths
  confiture-lint explain missing-primary-key
  confiture-lint check --format sarif --output findings.sarif

exit codes: 0 clean · 1 findings · 2 usage, configuration, unreadable input, internal error
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    command, rest = _command(list(arguments))
    if command == "help":
        sys.stdout.write(_HELP)
        return ExitCode.CLEAN
    if command == "version":
        sys.stdout.write(f"confiture-lint {__version__}\n")
        return ExitCode.CLEAN
    module = import_module(f"confiture_linter.cli.{command}")
    return int(module.run(rest))


def _command(arguments: list[str]) -> tuple[str, list[str]]:
    """Which command is meant, and its arguments; without one it is `check`."""
    first = arguments[0] if arguments else ""
    if first in ("-h", "--help", "help"):
        return "help", []
    if first in ("-V", "--version", "version"):
        return "version", []
    if first in COMMANDS:
        return first, arguments[1:]
    return "check", arguments


def run() -> None:
    """Entry point of the console script."""
    # A short-lived process that keeps everything it parses: collecting cycles would triple the cost.
    gc.disable()
    # A stream that the caller closed (`>&-`) is None.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = _flushed(guarded(sys.argv[1:]))
    # Freeing a hundred thousand values one by one would take longer than linting a file.
    os._exit(code)


def _flushed(code: int) -> int:
    """Write out what is still buffered; the disk may be full by now, or the reader gone."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return _failed(error)
    return code


def guarded(arguments: Sequence[str]) -> int:
    """Run a command and turn every failure into a message and an exit code."""
    try:
        return main(arguments)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else ExitCode.USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ExitCode.CLEAN
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return ExitCode.USAGE
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    from confiture_linter.model import ConfitureError

    if isinstance(error, ConfitureError):
        for line in str(error).splitlines():
            sys.stderr.write(f"error: {line}\n")
        return ExitCode.USAGE
    if isinstance(error, OSError):
        place = error.filename if error.filename is not None else "writing the output"
        sys.stderr.write(f"error: {place}: {error.strerror or error}\n")
        return ExitCode.USAGE
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f" at {last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last is not None else ""
    sys.stderr.write(
        f"internal error: {type(error).__name__}: {error}{place}\n"
        f"This is a defect of confiture-lint {__version__}; please report it with the statement that caused it.\n"
    )
    if os.environ.get("CONFITURE_TRACEBACK"):
        import traceback

        traceback.print_exc()
    return ExitCode.USAGE
