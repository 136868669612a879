"""What the statements of migrations do, one after the other, to a schema that was there before."""

import os
from collections.abc import Sequence

from confiture_linter.catalog import Catalog, Replay, SourceStatement
from confiture_linter.catalog.builtin import builtin_catalog
from confiture_linter.config import Config
from confiture_linter.effects import effects_of
from confiture_linter.effects.values import StatementEffects
from confiture_linter.engine.extract import read_all
from confiture_linter.engine.file_facts import FileFacts, file_facts
from confiture_linter.engine.workspace import Workspace
from confiture_linter.model import LineIndex
from confiture_linter.sources import SourceFile
from confiture_linter.sources.discover import discover


def migration_files(config: Config, paths: Sequence[str]) -> list[SourceFile]:
    """The files that `paths` name, in the order given; a folder stands for its files in path order."""
    bare = without_roots(config)
    found: dict[str, SourceFile] = {}
    for path in paths:
        files = [file for file in discover(bare, (path,)) if file.role in ("deploy", "data")]
        for source in read_all(files, config, {}):
            found.setdefault(source.path, source)
    return list(found.values())


def without_roots(config: Config) -> Config:
    """The same configuration with no tree of its own, so that paths are what is read."""
    return config._replace(
        schema=config.schema._replace(roots=()), migrations=config.migrations._replace(roots=())
    )


def migration_effects(
    config: Config, base: Workspace | None, migrations: Sequence[SourceFile]
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
    for source in migrations:
        catalog.search_path = catalog.default_path
        facts = file_facts(source.path, source.text, source.substitutions)
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


def _before(config: Config, base: Workspace | None, migrations: Sequence[SourceFile]) -> list[FileFacts]:
    if base is None:
        return []
    root = config.root or "."
    pending = {os.path.realpath(source.path) for source in migrations}
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
