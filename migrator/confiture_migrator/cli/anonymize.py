"""`confiture-migrate anonymize`."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from confiture_linter.model import ConfigError, Problem
from confiture_linter.profiles import read_profile
from confiture_migrator.anonymize.run import Wanted, anonymize
from confiture_migrator.anonymize.strategies import known_strategy
from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import document
from confiture_migrator.errors import MigrateError

_EXAMPLES = """\
  confiture-migrate anonymize --source env:PRODUCTION_URL --target env:QA_URL --profile db/anonymization/qa.yaml
  confiture-migrate anonymize --source env:PRODUCTION_URL --target env:QA_URL --profile qa.yaml --truncate --jobs 4"""


def run(arguments: Sequence[str]) -> int:
    """Copy a database without its personal data, and verify the copy."""
    given = options.parse(_parser(), arguments)
    if given.jobs < 1:
        raise MigrateError("--jobs must be 1 or more")
    config = options.configuration(given)
    text = _read(given.profile)
    profile = read_profile(text, given.profile, known_strategy)
    wanted = Wanted(
        given.source,
        given.target,
        given.truncate,
        not given.no_verify,
        given.jobs,
        config.tenancy.column if config.tenancy else "",
        config.schema.search_path,
    )
    with _pool(given, profile.keys) as pool:
        made = anonymize(profile, text, wanted, options.sink(given), pool)
    options.write(document(made.document()) if given.format == "json" else made.text())
    if made.state == "failed" and not given.quiet:
        sys.stderr.write("the copy failed its verification and stays marked as unusable\n")
    return ExitCode.REFUSED if made.state == "failed" else ExitCode.OK


def _pool(given: Namespace, keys: Iterable[str]) -> AbstractContextManager[Executor | None]:
    """Where the work is done: on this machine, or on the workers of a cluster."""
    if not given.scheduler:
        return nullcontext()
    from confiture_migrator.anonymize.cluster import cluster

    return cluster(
        given.scheduler, [*keys, *(option.removeprefix("env:") for option in (given.source, given.target))]
    )


def _parser() -> options.Parser:
    made = options.parser(
        "anonymize", "Copy a database without its personal data, and verify the copy.", _EXAMPLES
    )
    options.format_option(made, "text", "json")
    made.add_argument(
        "--source", metavar="env:VARIABLE", required=True, help="database that is copied; it is only read"
    )
    made.add_argument(
        "--target",
        metavar="env:VARIABLE",
        required=True,
        help="database that gets the copy; it has the schema",
    )
    made.add_argument("--profile", metavar="FILE", required=True, help="what happens to which column")
    made.add_argument("--truncate", action="store_true", help="empty the target's tables first")
    made.add_argument(
        "--no-verify", action="store_true", help="do not verify; the target stays marked as unusable"
    )
    made.add_argument(
        "--jobs",
        type=int,
        default=min(4, os.cpu_count() or 1),
        metavar="N",
        help="tables that are copied at a time",
    )
    made.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="copy on the workers of this Dask cluster; each has the variables that hold URLs and keys",
    )
    return made


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(
            (Problem(path, 0, 0, f"cannot be read: {error.strerror}", "give the path of a profile"),)
        ) from None
