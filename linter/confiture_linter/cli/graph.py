"""`confiture-lint graph`."""

import sys
from argparse import ArgumentTypeError
from collections.abc import Sequence
from importlib import import_module

from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.session import at_revision, configuration, workspace
from confiture_linter.engine.workspace import Workspace, shown_path
from confiture_linter.graph.build_order import files_in_order
from confiture_linter.graph.document import build_graph
from confiture_linter.graph.find import Subject, Unknown, find
from confiture_linter.graph.narrow import neighbourhood, of_kinds
from confiture_linter.graph.values import Graph
from confiture_linter.model import ConfigError, Problem, SourceError

FORMATS = ("json", "dot", "mermaid", "html")

_EXAMPLES = """\
  confiture-lint graph --format html --output graph.html
  confiture-lint graph --format mermaid --object w_order --depth 2
  confiture-lint graph --kind table --kind view --format dot | dot -Tsvg > graph.svg"""


def run(arguments: Sequence[str]) -> int:
    """Print the graph of the tree, or the part of it that is asked for."""
    given = options.parse(_parser(), arguments)
    with at_revision(given, given.at):
        opened = workspace(configuration(given), given)
        graph = graph_of(opened)
        if given.object:
            found = [subject_of(opened, graph, name) for name in given.object]
            graph = neighbourhood(graph, [subject.node.id for subject in found], given.depth)
        if given.kind:
            graph = of_kinds(graph, {kind.replace(" ", "_") for kind in given.kind})
    write(import_module(f"confiture_linter.graph.render_{given.format}").render(graph), given.output)
    return ExitCode.CLEAN


def graph_of(opened: Workspace) -> Graph:
    """The graph of a workspace, with paths as the user sees them."""
    context = opened.context
    return build_graph(
        context.catalog,
        files_in_order(context.catalog, [source.path for source in opened.sources], opened.computed),
        context.text,
        shown=lambda path: shown_path(opened.config, path),
        layer=lambda entity: getattr(context.layers.of(entity), "name", ""),
    )


def subject_of(opened: Workspace, graph: Graph, name: str) -> Subject:
    """The object or column that an argument names."""
    context = opened.context
    shapes = {r.id: context.shapes.relation(r) for r in context.catalog.relations.values()}
    try:
        return find(graph, name, {key: shape for key, shape in shapes.items() if shape is not None})
    except Unknown as unknown:
        raise ConfigError((Problem("", 0, 0, unknown.message, unknown.hint),)) from None


def write(text: str, output: str | None) -> None:
    """Write to a file, or to stdout."""
    if output is None:
        sys.stdout.write(text)
        return
    try:
        with open(output, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise SourceError(f"{output}: {error.strerror}") from None


def _parser() -> options.Parser:
    made = options.parser("graph", "Print the dependency graph: source depends on target.", _EXAMPLES)
    options.tree_options(made)
    options.at_option(made)
    made.add_argument("--format", choices=FORMATS, default="json", help="output format (default: json)")
    made.add_argument("--output", metavar="FILE", help="write to FILE instead of stdout")
    made.add_argument(
        "--object", action="append", metavar="NAME", help="only this object and what is near it"
    )
    made.add_argument("--depth", type=_depth, default=1, metavar="N", help="how near (default: 1 step)")
    made.add_argument("--kind", action="append", metavar="KIND", help="only objects of this kind")
    return made


def _depth(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no number of steps")
    return int(text)


__all__ = ["graph_of", "run", "subject_of", "write"]
