"""`confiture-lint order`."""

import sys
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration, workspace
from confiture_linter.engine.workspace import Workspace, shown_path
from confiture_linter.graph.build_order import BuildOrder, build_order
from confiture_linter.graph.render_order import render_json, render_problems

_EXAMPLES = """\
  confiture-lint order | xargs cat | psql mydb
  confiture-lint order --order computed db/schema
  confiture-lint order --order path --format json"""


def run(arguments: Sequence[str]) -> int:
    """Print the files in build order; say on stderr why they cannot be built so, and what to move."""
    made = options.parser("order", "Print the files of the tree in build order, one a line.", _EXAMPLES)
    options.tree_options(made)
    made.add_argument(
        "--order", metavar="HOW", help="path, natural, computed, list:FILE, sqitch:FILE, psql:FILE, …"
    )
    made.add_argument("--format", choices=("text", "json"), default="text")
    given = options.parse(made, arguments)
    opened = workspace(configuration(given), given, order=given.order)
    found = order_of_tree(opened, declared=given.order not in (None, "computed"))
    if given.format == "json":
        sys.stdout.write(render_json(found))
    else:
        sys.stdout.write("".join(f"{path}\n" for path in found.files))
        sys.stderr.write(render_problems(found))
    return ExitCode.CLEAN if found.works else ExitCode.FINDINGS


def order_of_tree(opened: Workspace, *, declared: bool = False) -> BuildOrder:
    """The order in which the tree is built and what stands in its way.

    `declared`: the order that was asked for is verified, even where the tree would be analysed in another.
    """
    known = [source.path for source in opened.sources]
    asked = [path for path in opened.order.files if path in set(known)]
    return build_order(
        opened.context.catalog,
        asked if declared else known,
        opened.context.text,
        computed=None if declared else opened.computed,
        shown=lambda path: shown_path(opened.config, path),
    )
