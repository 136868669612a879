"""Orders of one tree against one another: the authors', the computed one, and the computed one of renamed files."""

import random
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from confiture_linter.cli.order import order_of_tree
from confiture_linter.config import parse_config
from confiture_linter.config.settings import Config
from confiture_linter.engine.workspace import open_workspace
from confiture_linter.graph.build_order import Forward
from confiture_linter.sources import read_source
from confiture_migrator.shadow import Shadow
from tests.order_proof.build import Built, Surroundings, build


class Tree(NamedTuple):
    """Where a tree lies and what has to be known to read and build it."""

    root: Path
    placeholders: tuple[tuple[str, str], ...] = ()
    surroundings: Surroundings = Surroundings()
    setting: str = ""
    """More of a confiture.yaml, below `schema:`."""

    def config(self) -> Config:
        """The configuration; nothing but what was given."""
        lines = ["schema:"]
        if self.surroundings.search_path:
            lines.append(f"  search_path: [{', '.join(self.surroundings.search_path)}]")
        if self.placeholders:
            lines.append("  placeholders:")
            lines += [f"    {_quoted(key)}: {_quoted(value)}" for key, value in self.placeholders]
        if self.setting:
            lines.append(self.setting)
        text = "\n".join(lines) + "\n" if len(lines) > 1 else ""
        return parse_config(text.encode(), str(self.root / "confiture.yaml"))._replace(root=str(self.root))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Answer(NamedTuple):
    """What `order --order computed` says."""

    order: tuple[str, ...]
    breaks: tuple[Forward, ...]


class Measure(NamedTuple):
    """How many files run in which order."""

    authors: Built
    computed: Built
    renamed: Built
    """The files as the authors call them; in the order that was computed when they were called otherwise."""
    breaks: tuple[Forward, ...]

    @property
    def holds(self) -> bool:
        """Whether the computed orders are at least as good as the authors'."""
        return min(self.computed.ran, self.renamed.ran) >= self.authors.ran


def authors_order(tree: Tree, spec: str) -> tuple[str, ...]:
    """The files that an order names, in that order: `path`, `list:FILE`, `sqitch:FILE`, `psql:FILE`, …"""
    opened = open_workspace(tree.config(), [str(tree.root)], order=spec)
    if opened.problems:
        raise SystemExit("\n".join(problem.message for problem in opened.problems))
    unlisted = frozenset(opened.order.unlisted)
    return tuple(path for path in opened.order.files if path not in unlisted)


def computed_order(tree: Tree) -> Answer:
    """The answer of `confiture-lint order --order computed`, paths relative to the tree."""
    opened = open_workspace(tree.config(), [str(tree.root)], order="computed")
    found = order_of_tree(opened)
    return Answer(tuple(source.path for source in opened.sources), found.breaks)


def copied(tree: Tree, files: Mapping[str, str], into: Path) -> Tree:
    """Copy the files (path to new path) to `into`."""
    for path, name in files.items():
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree.root / path, target)
    return tree._replace(root=into)


def renaming(files: Sequence[str], seed: int) -> dict[str, str]:
    """A random name in one folder for each file."""
    dice = random.Random(seed)
    taken: dict[str, str] = {}
    names: set[str] = set()
    for path in files:
        name = ""
        while not name or name in names:
            name = "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=10)) + ".sql"
        names.add(name)
        taken[path] = name
    return taken


def measure(shadow: Shadow, tree: Tree, authors: Sequence[str], work: Path, seed: int = 1) -> Measure:
    """Build the tree three times. `work` is an empty directory; only the files of `authors` count."""
    texts = {path: _filled_in(tree, path) for path in authors}
    same = computed_order(copied(tree, {path: path for path in (*authors, *_plans(tree))}, work / "same"))
    names = renaming(authors, seed)
    back = {name: path for path, name in names.items()}
    other = computed_order(copied(tree, names, work / "renamed"))
    orders = (authors, same.order, [back[name] for name in other.order])
    built = [build(shadow, _whole(order, authors), texts, tree.surroundings) for order in orders]
    return Measure(*built, same.breaks)


def _plans(tree: Tree) -> list[str]:
    """The plans of sqitch, which lie beside the files."""
    found = (*tree.root.rglob("sqitch.plan"), *tree.root.rglob("sqitch.conf"))
    return [path.relative_to(tree.root).as_posix() for path in found]


def _filled_in(tree: Tree, path: str) -> bytes:
    """The text as it is analysed, with the values of placeholders instead of what stands for them there."""
    source = read_source(str(tree.root / path), path, tree.placeholders)
    text, values = source.text, dict(tree.placeholders)
    for token, written in source.substitutions:
        text = text.replace(token.encode(), values.get(written, written).encode())
    return text


def _whole(order: Sequence[str], files: Sequence[str]) -> tuple[str, ...]:
    """An answer that leaves files out is no answer: they go last."""
    known = set(order)
    return (*order, *(path for path in files if path not in known))


__all__ = ["Answer", "Measure", "Tree", "authors_order", "computed_order", "measure"]
