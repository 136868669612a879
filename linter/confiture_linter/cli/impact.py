"""`confiture-lint impact`."""

import sys
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.graph import graph_of, subject_of
from confiture_linter.cli.session import configuration, workspace
from confiture_linter.graph.impact import impact
from confiture_linter.graph.render_impact import render_json, render_text

_EXAMPLES = """\
  confiture-lint impact w_order
  confiture-lint impact public.w_order.customer_id --format json
  confiture-lint impact 'function:public.fn_total(uuid)'"""


def run(arguments: Sequence[str]) -> int:
    """Say who breaks when an object or a column goes, and in which order to drop."""
    made = options.parser("impact", "Say what breaks when an object changes or goes.", _EXAMPLES)
    made.add_argument("object", metavar="OBJECT", help="name, schema.name, node id or table.column")
    options.tree_options(made)
    made.add_argument("--format", choices=("text", "json"), default="text")
    given = options.parse(made, arguments)
    opened = workspace(configuration(given), given)
    graph = graph_of(opened)
    found = impact(graph, subject_of(opened, graph, given.object))
    sys.stdout.write(render_json(found) if given.format == "json" else render_text(found))
    return ExitCode.CLEAN
