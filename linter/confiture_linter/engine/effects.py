"""What the statements of migrations do, one after the other, to a schema that was there before."""

import os
from collections.abc import Sequence

from confiture_linter.catalog import Catalog, Replay, SourceStatement
from confiture_linter.catalog.builtin import builtin_catalog
from confiture_linter.config import Config
from confiture_linter.effects import effects_of
from confiture_linter.effects.values import StatementEffects
from confiture_linter.engine.extract import begin_extraction
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.workspace import Workspace
from confiture_linter.model import LineIndex
from confiture_linter.sources import SourceFile
from confiture_linter.sources.discover import MIGRATION_SUFFIXES, discover_roots

Script = tuple[SourceFile, FileFacts]
"""A change script and what it says."""


def migration_files(config: Config, paths: Sequence[str]) -> list[Script]:
    """The files that `paths` name, in the order given; a folder stands for its files in path order."""
    found: dict[str, Script] = {}
    for path in paths:
        files = discover_roots(without_roots(config), (), (), (path,), suffixes=MIGRATION_SUFFIXES)
        wanted = [file for file in files if file.role in ("deploy", "data")]
        for name, script in begin_extraction(wanted, config, {}).finish().items():
            found.setdefault(name, script)
    return list(found.values())


def without_roots(config: Config) -> Config:
    """The same configuration with no tree of its own, so that paths are what is read."""
    return config._replace(
        schema=config.schema._replace(roots=()), migrations=config.migrations._replace(roots=())
    )


def migration_effects(
    config: Config, base: Workspace | None, migrations: Sequence[Script]
) -> list[StatementEffects]:
    """The effects of every statement of `migrations`, in order, on top of `base`.

    Files of the base that are among the migrations, or come after one of them in a history, are left out.
    """
    catalog = Catalog(builtin_catalog(config.postgres), config.schema.search_path)
    catalog.postgres_declared = ("postgres",) in config.positions
    catalog.path_declared = ("schema", "search_path") in config.positions
    catalog.partial = base is None
    replay = Replay(catalog, history=True)
    position = 0
    for facts in _before(config, base, migrations):
        replay.file(facts.path, facts.statements, position)
        position += 1
    path = catalog.search_path
    replay.finish()
    if not catalog.path_declared and path != catalog.default_path:
        # The schema is written with a search_path of its own; migrations that name none mean the same.
        catalog.default_path = (*path, *(name for name in catalog.default_path if name not in path))
    found: list[StatementEffects] = []
    for source, facts in migrations:
        catalog.search_path = catalog.default_path
        lines = LineIndex(source.text)
        for statement in facts.statements:
            found.append(
                StatementEffects(
                    source.path,
                    lines.position(statement.start).line,
                    source.text[statement.start : statement.end].decode("utf-8", "replace").strip(),
                    effects_of(statement, catalog, config.postgres),
                )
            )
            replay.statement(SourceStatement(source.path, statement, position))
        position += 1
    return found


def _before(config: Config, base: Workspace | None, migrations: Sequence[Script]) -> list[FileFacts]:
    if base is None:
        return []
    root = config.root or "."
    pending = {os.path.realpath(source.path) for source, _ in migrations}
    files: list[FileFacts] = []
    for facts in base.facts:
        if (
            os.path.realpath(os.path.join(root, facts.path)) in pending
            or os.path.realpath(facts.path) in pending
        ):
            if base.context.history:
                break
            continue
        files.append(facts)
    return files
