"""Try a tree: `python -m tests.order_proof DIR [--authors-order HOW]`."""

import argparse
import sys
import tempfile
from pathlib import Path

from confiture_migrator.shadow import Shadow
from tests.order_proof.build import Built, Surroundings
from tests.order_proof.measure import Measure, Tree, authors_order, measure
from tests.order_proof.requires import recall_of


def main() -> int:
    """Count the files that run in the authors' order and in computed ones; 1 if a computed one is worse."""
    made = argparse.ArgumentParser(
        prog="python -m tests.order_proof",
        description="Build DIR on a throw-away PostgreSQL in its authors' order, in the computed order, and in the order "
        "computed after its files were renamed at random; count the files that run.",
    )
    made.add_argument("directory", type=Path, metavar="DIR")
    made.add_argument(
        "--authors-order",
        default="path",
        metavar="HOW",
        help="path, natural, list:FILE, sqitch:FILE, psql:FILE, …",
    )
    made.add_argument("--prelude", default="", metavar="SQL", help="what has to be there: roles, extensions")
    made.add_argument("--search-path", default="", metavar="A,B", help="search_path of database and analysis")
    made.add_argument("--placeholder", action="append", default=[], metavar="KEY=VALUE")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--requires", type=Path, metavar="TSV", help="dependencies to compare file edges with")
    made.add_argument("--shadow-url", metavar="URL", help="a server of yours instead of the throw-away one")
    given = made.parse_args()
    pairs = [tuple(text.split("=", 1)) for text in given.placeholder]
    tree = Tree(
        given.directory,
        tuple((key, value) for key, value in pairs),
        Surroundings(given.prelude, tuple(filter(None, given.search_path.split(",")))),
    )
    authors = authors_order(tree, given.authors_order)
    with (
        tempfile.TemporaryDirectory() as work,
        Shadow.at(given.shadow_url) if given.shadow_url else Shadow.start() as shadow,
    ):
        found = measure(shadow, tree, authors, Path(work), given.seed)
    sys.stdout.write(_report(found))
    if given.requires:
        sys.stdout.write(recall_of(tree, authors, given.requires))
    return 0 if found.holds else 1


def _report(found: Measure) -> str:
    lines = [f"{len(found.authors.order)} files"]
    for name, built in (("authors", found.authors), ("computed", found.computed), ("renamed", found.renamed)):
        lines.append(f"{name:9}{built.ran:5} run")
        if built is not found.authors:
            lines += _worse(built, found.authors)
    lines += [f"  authors: {path}: {said}" for path, said in found.authors.failures.items()]
    lines += [f"break {b.file}:{b.line} needs {b.needs} of {b.target}" for b in found.breaks]
    return "\n".join(lines) + "\n"


def _worse(built: Built, authors: Built) -> list[str]:
    return [f"  {path}: {said}" for path, said in built.failures.items() if path not in authors.failures]


if __name__ == "__main__":
    sys.exit(main())
