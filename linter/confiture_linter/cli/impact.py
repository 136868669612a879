"""`confiture-lint impact`."""

import sys
from collections.abc import Sequence
from typing import Any

from confiture_linter.catalog import Catalog, Table, View
from confiture_linter.catalog.entities import Entity
from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.graph import graph_of, subject_of
from confiture_linter.cli.session import configuration, workspace
from confiture_linter.engine.workspace import Workspace, shown_path
from confiture_linter.graph.dependents import Action, dependents
from confiture_linter.graph.find import Subject
from confiture_linter.graph.impact import impact
from confiture_linter.graph.nodes import node_id, objects, parts, rules_of
from confiture_linter.graph.places import Places
from confiture_linter.graph.render_impact import Effects, render_effects, render_json, render_text
from confiture_linter.graph.script import script
from confiture_linter.model import ConfigError, Problem

_EXAMPLES = """\
  confiture-lint impact w_order
  confiture-lint impact public.w_order.customer_id --format json
  confiture-lint impact w_order.total --action retype --script
  confiture-lint impact 'function:public.fn_total(uuid)'"""


def run(arguments: Sequence[str]) -> int:
    """Say who breaks when an object or a column changes or goes, and how to get there."""
    made = options.parser("impact", "Say what breaks when an object changes or goes.", _EXAMPLES)
    made.add_argument("object", metavar="OBJECT", help="name, schema.name, node id or table.column")
    options.tree_options(made)
    made.add_argument("--format", choices=("text", "json"), default="text")
    made.add_argument(
        "--action",
        choices=[action.value for action in Action],
        default=Action.DROP.value,
        help="what happens to it (default: drop)",
    )
    made.add_argument(
        "--script",
        action="store_true",
        help="print the SQL: what to drop, the change, what to create again",
    )
    given = options.parse(made, arguments)
    opened = workspace(configuration(given), given)
    graph = graph_of(opened)
    subject = subject_of(opened, graph, given.object)
    effects = _effects(opened, subject, Action(given.action))
    if given.script:
        sys.stdout.write(effects.script.text())
    elif given.format == "json":
        sys.stdout.write(render_json(impact(graph, subject), effects))
    elif effects.action is Action.DROP:
        sys.stdout.write(render_text(impact(graph, subject)))
    else:
        sys.stdout.write(render_effects(effects))
    return ExitCode.CLEAN


def _effects(opened: Workspace, subject: Subject, action: Action) -> Effects:
    """What the action means to PostgreSQL."""
    catalog = opened.context.catalog
    entity = _entity(catalog, subject.node.id)
    if action is Action.RETYPE and not subject.column:
        raise ConfigError((Problem("", 0, 0, "--action retype is for a column", "name it table.column"),))
    places = Places(opened.context.text, lambda path: shown_path(opened.config, path))

    def place(path: str, at: int) -> str:
        return f"{places.path(path)}:{places.line(path, at)}"

    column = subject.column or None
    found = dependents(catalog, entity, column, action)
    name = f"{subject.node.id.partition(':')[2]}{f'.{column}' if column else ''}"
    return Effects(
        name,
        f"{subject.node.file}:{subject.node.line}",
        action,
        found,
        place,
        script(catalog, opened.context.text, place, entity, column, action, found),
    )


def _entity(catalog: Catalog, identifier: str) -> Entity:
    """The object of a node."""
    rules = rules_of(catalog)
    for item in objects(catalog):
        if node_id(item) == identifier:
            return item
        if isinstance(item, Table | View):
            part: Any
            for part in parts(item, rules):
                if node_id(part) == identifier:
                    return part  # type: ignore[no-any-return]
    raise ConfigError((Problem("", 0, 0, f"{identifier} is not in the catalog"),))
