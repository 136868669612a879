"""`confiture-lint diff`."""

from argparse import Namespace
from collections.abc import Sequence

from confiture_linter.cli import options
from confiture_linter.cli.exit_code import ExitCode
from confiture_linter.cli.graph import graph_of, write
from confiture_linter.cli.session import at_revision, configuration, workspace
from confiture_linter.engine.revision import merge_base
from confiture_linter.engine.workspace import shown_path
from confiture_linter.graph.definition import Definitions
from confiture_linter.graph.difference import Side, differences
from confiture_linter.graph.places import Places
from confiture_linter.graph.render_difference import render_json, render_text

_EXAMPLES = """\
  confiture-lint diff v1.2..HEAD
  confiture-lint diff origin/main...HEAD --format json      # since the branch began
  confiture-lint diff HEAD                                  # what is not committed yet"""

_DISK = "the disk"


def run(arguments: Sequence[str]) -> int:
    """Say what was added, dropped and changed between two revisions, and who is touched by it."""
    made = options.parser(
        "diff", "Compare the schema at two git revisions, or at one and on the disk.", _EXAMPLES
    )
    made.add_argument(
        "range", metavar="REF[..REF]", help="A..B, A...B (since their merge base), or A: up to now"
    )
    options.tree_options(made)
    made.add_argument("--format", choices=("text", "json"), default="text")
    made.add_argument("--output", metavar="FILE", help="write to FILE instead of stdout")
    given = options.parse(made, arguments)
    first, second = _ends(given.range)
    before, from_ = _side(given, first)
    after, to = _side(given, second)
    render = render_json if given.format == "json" else render_text
    write(render(differences(before, after), (from_, to)), given.output)
    return ExitCode.CLEAN


def _ends(given: str) -> tuple[str, str | None]:
    """The two revisions that a range names; None: the disk."""
    first, dots, second = given.partition("...")
    if dots:
        return merge_base(f"git:{first or 'HEAD'}", ".", second or "HEAD"), second or "HEAD"
    first, dots, second = given.partition("..")
    return first or "HEAD", (second or None) if dots else None


def _side(given: Namespace, reference: str | None) -> tuple[Side, dict[str, str]]:
    """Read one tree. The configuration is that of the revision, so that a tree which moved is found where it was."""
    mine = Namespace(**vars(given))
    with at_revision(mine, reference) as revision:
        mine.at = reference
        opened = workspace(configuration(mine), mine)
        context = opened.context
        places = Places(context.text, lambda path: shown_path(opened.config, path))
        definitions = Definitions(context.catalog, context.text).all()
        placed = {id(entity): places.of(entity) for entity, _ in definitions.values()}
        side = Side(graph_of(opened), definitions, lambda entity: placed[id(entity)])
    return side, {"reference": reference or _DISK, "commit": revision.commit if revision else ""}


__all__ = ["run"]
