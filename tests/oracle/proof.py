"""The proof of one tree: open it, build it, read both sides, compare, and ask what the linter said beforehand."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from confiture_linter.cli.check import all_rules
from confiture_linter.config import Config, default_config, load_config
from confiture_linter.config.settings import NAMES
from confiture_linter.engine.check import check
from confiture_linter.engine.file_facts import FileFacts, file_facts
from confiture_linter.engine.lint import analyse
from confiture_linter.engine.selection import select_rules
from confiture_linter.engine.workspace import Overlay, Workspace, open_workspace
from confiture_linter.model import Finding
from confiture_linter.sources import SourceFile
from confiture_migrator.shadow import Shadow
from tests.oracle.build import Refusal, build, without
from tests.oracle.compare import Comparison, compare
from tests.oracle.ours import read_ours
from tests.oracle.server import read_server

PRELUDE = "(prelude)"


class Tree(NamedTuple):
    """What to build, and how."""

    root: Path
    order: str | None = None
    """As `schema.order` of the configuration; None: as the configuration says, else as the linter guesses."""
    prelude: str = ""
    """SQL to run first, for what the tree takes for granted: roles, schemas, extensions."""
    substitutions: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    search_path: tuple[str, ...] = ()


class Refused(NamedTuple):
    """What the server refused, and the findings that say so, if any."""

    refusal: Refusal
    findings: tuple[Finding, ...]


class Proof(NamedTuple):
    """The outcome."""

    tree: Tree
    server_version: str
    files: int
    statements: int
    refused: tuple[Refused, ...]
    comparison: Comparison


def prove(tree: Tree, shadow: Shadow) -> Proof:
    """Build the tree in a database of its own and compare."""
    opened = open_tree(tree, int(shadow.server_version.partition(".")[0]))
    name = shadow.create_database(f"oracle_{os.getpid()}_{abs(hash(tree)) % 10**8}")
    try:
        with shadow.connect(name) as connection:
            if tree.search_path:
                path = ", ".join(f'"{schema}"' for schema in tree.search_path)
                connection.execute(f'ALTER DATABASE "{name}" SET search_path = {path}'.encode())
        with shadow.connect(name) as connection:
            files = [*_prelude(tree), *zip(opened.sources, opened.facts, strict=True)]
            refusals = build(connection, files)
            theirs = read_server(connection)
            builder = connection.info.user
    finally:
        shadow.drop_database(name)
    context = opened.context
    if refusals or tree.prelude:
        kept = [without(facts, refusals) for _, facts in files]
        text = {source.path: source.text for source, _ in files}.__getitem__
        context = analyse(kept, opened.config, text, ordered=context.ordered, history=context.history)
    comparison = compare(theirs, read_ours(context.catalog, context.text, builder))
    count = sum(len(facts.statements) for facts in opened.facts)
    return Proof(
        tree, shadow.server_version, len(opened.sources), count, tuple(_refused(opened, refusals)), comparison
    )


def _prelude(tree: Tree) -> list[tuple[SourceFile, FileFacts]]:
    """What is run first, as a file in front of the tree: both sides see it."""
    text = tree.prelude.encode()
    return [(SourceFile(PRELUDE, text, text), file_facts(PRELUDE, text))] if text else []


def open_tree(tree: Tree, major: int) -> Workspace:
    """The linter's view of the tree, before anything is known to fail."""
    config = _config(tree, major)
    overlays = list(_substituted(tree, config))
    return open_workspace(
        config, () if config.schema.roots else (str(tree.root),), overlays=overlays, order=tree.order
    )


def _config(tree: Tree, major: int) -> Config:
    found = next((tree.root / name for name in NAMES if (tree.root / name).is_file()), None)
    config = load_config(str(found)) if found else default_config(str(tree.root))
    schema = config.schema
    schema = schema._replace(exclude=(*schema.exclude, *tree.exclude))
    if tree.search_path:
        schema = schema._replace(search_path=tree.search_path)
        config = config._replace(positions={**config.positions, ("schema", "search_path"): (0, 0)})
    return config._replace(schema=schema, postgres=major)


def _substituted(tree: Tree, config: Config) -> Iterable[Overlay]:
    if not tree.substitutions:
        return
    from confiture_linter.sources.discover import discover

    for file in discover(config, (str(tree.root),)):
        data = Path(file.disk).read_bytes()
        changed = data
        for old, new in tree.substitutions:
            changed = changed.replace(old.encode(), new.encode())
        if changed != data:
            yield Overlay(file.path, changed)


def _refused(opened: Workspace, refusals: Sequence[Refusal]) -> Iterable[Refused]:
    """Each refusal with the findings on its lines: had the linter reported it?"""
    if not refusals:
        return
    registry = all_rules(opened.config)
    findings = check(opened, select_rules(registry, opened.config), registry).findings
    for refusal in refusals:
        statement = refusal.statement
        at = tuple(
            f
            for f in findings
            if f.path == refusal.path
            and statement.start <= f.span.start < max(statement.end, statement.start + 1)
        )
        yield Refused(refusal, at)
