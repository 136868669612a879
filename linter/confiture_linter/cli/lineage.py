"""`confiture-lint lineage`."""

import sys
from collections.abc import Sequence

from confiture_linter.catalog import Table, View
from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import configuration, workspace
from confiture_linter.engine.workspace import Workspace, shown_path
from confiture_linter.graph.find import Unknown, find
from confiture_linter.graph.lineage import Tracer
from confiture_linter.graph.nodes import nodes_of
from confiture_linter.graph.places import Places
from confiture_linter.graph.render_lineage import render_json, render_text
from confiture_linter.graph.values import Graph
from confiture_linter.model import ConfigError, Problem

_EXAMPLES = """\
  confiture-lint lineage v_order.total
  confiture-lint lineage v_order
  confiture-lint lineage public.r_order.customer_name --format json"""


def run(arguments: Sequence[str]) -> int:
    """Say where the columns of a view, or what fills a table, come from."""
    made = options.parser("lineage", "Say which columns of tables a column is made of, and how.", _EXAMPLES)
    made.add_argument(
        "column", metavar="COLUMN", help="view.column, table.column, or a view or table for all"
    )
    options.tree_options(made)
    made.add_argument("--format", choices=("text", "json"), default="text")
    made.add_argument(
        "--through-tables",
        action="store_true",
        help="go on from tables to the queries that fill them (a table that is asked about always shows them)",
    )
    given = options.parse(made, arguments)
    opened = workspace(configuration(given), given)
    tracer = tracer_of(opened, through_tables=given.through_tables)
    relation, column = _subject(opened, tracer, given.column)
    names = (column,) if column else tracer.columns(relation) or ()
    steps = [tracer.trace(relation, name) for name in names]
    if not steps:
        raise ConfigError((Problem("", 0, 0, f"the columns of {relation.identity} are not known"),))
    sys.stdout.write(render_json(relation.id, steps) if given.format == "json" else render_text(steps))
    return ExitCode.CLEAN


def tracer_of(opened: Workspace, *, through_tables: bool = False) -> Tracer:
    """The lineage of a workspace, with paths as the user sees them."""
    context = opened.context
    places = Places(context.text, lambda path: shown_path(opened.config, path))
    return Tracer(context.catalog, context.shapes, places, context.text, through_tables=through_tables)


def _subject(opened: Workspace, tracer: Tracer, text: str) -> tuple[Table | View, str]:
    """The relation, and the column if there is one, that an argument names."""
    relations = {r.id: r for r in opened.context.catalog.relations.values() if isinstance(r, Table | View)}
    nodes = nodes_of(opened.context.catalog, [], tracer.places, lambda _entity: "")
    graph = Graph(tuple(node for node in nodes.values() if node.id in relations), (), (), (), ())
    shapes = {
        key: tracer.columns(relation) for key, relation in relations.items() if _may_mean(relation, text)
    }
    try:
        found = find(graph, text, {key: shape for key, shape in shapes.items() if shape is not None})
    except Unknown as unknown:
        raise ConfigError((Problem("", 0, 0, unknown.message, unknown.hint),)) from None
    return relations[found.node.id], found.column


def _may_mean(relation: Table | View, text: str) -> bool:
    """Whether it is worth asking for its columns: for some views that means parsing."""
    return relation.name.lower() in text.replace('"', "").lower()
