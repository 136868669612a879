"""`python -m tests.oracle DIR`: how right are our catalog and graph about this tree?"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from confiture_migrator.shadow import Shadow
from tests.oracle.proof import Tree, prove
from tests.oracle.report import render


def main(arguments: Sequence[str]) -> int:
    """Prove one tree; 0: no difference, 1: some."""
    given = _parser().parse_args(arguments)
    with Shadow.at(given.shadow_url) if given.shadow_url else Shadow.start() as shadow:
        proof = prove(_tree(given), shadow)
    sys.stdout.write(render(proof, limit=given.limit))
    return 1 if proof.comparison.differences else 0


def _tree(given: Namespace) -> Tree:
    pairs = [text.partition("=") for text in given.substitute]
    return Tree(
        given.directory,
        given.order,
        given.prelude.read_text() if given.prelude else "",
        tuple((old, new) for old, _, new in pairs),
        tuple(given.exclude),
        tuple(given.search_path.split(",")) if given.search_path else (),
    )


def _parser() -> ArgumentParser:
    made = ArgumentParser("python -m tests.oracle", description=__doc__)
    made.add_argument("directory", type=Path, metavar="DIR", help="the schema tree, or one file")
    made.add_argument(
        "--order", help="path, natural, computed, diesel, flyway, prisma, sqitch:FILE, list:FILE or psql:FILE"
    )
    made.add_argument(
        "--prelude", type=Path, metavar="FILE", help="SQL to run first: roles, schemas, extensions"
    )
    made.add_argument(
        "--substitute",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="replace a placeholder in every file",
    )
    made.add_argument("--exclude", action="append", default=[], metavar="GLOB", help="leave these files out")
    made.add_argument("--search-path", metavar="A,B", help="search_path of the database and of the linter")
    made.add_argument("--shadow-url", metavar="URL", help="use this server instead of the embedded one")
    made.add_argument(
        "--limit", type=int, default=0, metavar="N", help="differences named for each kind (0: all)"
    )
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
