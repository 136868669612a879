"""`confiture-lint effects`."""

import sys
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration
from confiture_linter.config import Config
from confiture_linter.effects import render_json, render_text
from confiture_linter.engine.effects import migration_effects, migration_files, without_roots
from confiture_linter.engine.workspace import Workspace, open_workspace
from confiture_linter.model import ConfigError

_EXAMPLES = """\
  confiture-lint effects migrations/20260101_add_total.sql
  confiture-lint effects change.sql --schema db/schema --postgres 16
  confiture-lint effects migrations/*.sql --format json"""


def run(arguments: Sequence[str]) -> int:
    """Print what every statement of the migrations does to the schema before it."""
    made = options.parser(
        "effects", "Say what migrations lock, rewrite and read, statement by statement.", _EXAMPLES
    )
    made.add_argument(
        "migrations", nargs="+", metavar="MIGRATION", help="files or folders, in the order they run"
    )
    made.add_argument(
        "--schema",
        nargs="+",
        action="extend",
        default=[],
        metavar="PATH",
        help="the schema they run on (default: the configured tree, else nothing)",
    )
    made.add_argument("--postgres", type=int, metavar="N", help="target major version, 13 to 18")
    made.add_argument("--format", choices=("text", "json"), default="text")
    given = made.parse_args(list(arguments))
    config = configuration(given)
    migrations = migration_files(config, given.migrations)
    found = migration_effects(config, _base(config, given.schema), migrations)
    if given.format == "json":
        sys.stdout.write(render_json.render(found))
    else:
        sys.stdout.write(render_text.render(found, color=options.use_color(given.color)))
    return ExitCode.CLEAN


def _base(config: Config, schema: Sequence[str]) -> Workspace | None:
    """The schema before the migrations: the paths given, else the configured tree."""
    if schema:
        opened = open_workspace(without_roots(config), schema)
    elif config.schema.roots or config.migrations.roots:
        opened = open_workspace(config)
    else:
        return None
    if opened.problems:
        raise ConfigError(opened.problems)
    return opened
