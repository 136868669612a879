"""`confiture-migrate`: finds the command, keeps the process border."""

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from confiture_linter.model import ConfitureError
from confiture_linter.version import __version__
from confiture_migrator.cli.exit_code import EXIT_CODES, ExitCode
from confiture_migrator.errors import MigrateError

COMMANDS = {
    "snapshot": "export catalog and table sizes to a file",
    "plan": "vet the pending migrations and write the plan",
    "show": "show a plan, or the SQL of it",
    "dry-run": "execute a plan where nothing of it stays, and measure",
    "apply": "carry a plan out",
    "wizard": "go through what is pending: see, rehearse, apply",
    "rollback": "take applied migrations back",
    "status": "say what is applied, pending, interrupted or edited",
    "history": "list what was applied",
    "anonymize": "copy a database without its personal data",
    "hooks": "list the hooks",
}
"""Command to one line of help; each is a module of this package with `run(arguments)`."""

_HELP = f"""usage: confiture-migrate COMMAND [OPTIONS]

Carries vetted PostgreSQL migrations out, with a ledger that is true at every instant.

commands:
{chr(10).join(f"  {name:10} {text}" for name, text in COMMANDS.items())}

`confiture-migrate COMMAND --help` explains a command and its options.

examples:
  confiture-migrate plan --env production --output plan.json
  confiture-migrate dry-run plan.json
  confiture-migrate apply plan.json
  confiture-migrate status

{EXIT_CODES}
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help", "help"):
        sys.stdout.write(_HELP)
        return ExitCode.OK
    if first in ("-V", "--version", "version"):
        sys.stdout.write(f"confiture-migrate {__version__}\n")
        return ExitCode.OK
    if first not in COMMANDS:
        sys.stderr.write(f"error: no command is called {first} (see `confiture-migrate --help`)\n")
        return ExitCode.USAGE
    module = import_module(f"confiture_migrator.cli.{first.replace('-', '_')}")
    return int(module.run(arguments[1:]))


def run() -> None:
    """Entry point of the console script."""
    # Whoever stops us politely, a container's end among them, gets a roll-back and a row in the ledger.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(guarded(sys.argv[1:]))


def guarded(arguments: Sequence[str]) -> int:
    """Run a command and turn every failure into a message and an exit code."""
    try:
        code = main(arguments)
        sys.stdout.flush()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else ExitCode.USAGE
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return ExitCode.USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ExitCode.OK
    except Exception as error:
        return failed(error)
    return code


def failed(error: Exception) -> int:
    """Say what went wrong, and return the exit code for it."""
    if isinstance(error, ConfitureError):
        for number, line in enumerate(str(error).splitlines()):
            sys.stderr.write(f"error: {line}\n" if not number else f"       {line}\n")
        return error.exit_code if isinstance(error, MigrateError) else ExitCode.USAGE
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
        f"This is a defect of confiture-migrate {__version__}; please report it. `confiture-migrate status` says where "
        "the database stands.\n"
    )
    if os.environ.get("CONFITURE_TRACEBACK"):
        import traceback

        traceback.print_exc()
    return ExitCode.USAGE
