"""From a configuration and paths to a catalog that can be questioned: find, read, parse, order, replay."""

import os
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from confiture_linter.config import Config
from confiture_linter.engine.context import Context
from confiture_linter.engine.copies import second_schemas
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.files import File
from confiture_linter.engine.includes import include_edges
from confiture_linter.engine.lint import Judging, analyse
from confiture_linter.engine.opening import (
    Opening,
    Overlay,
    begin_workspace,
    looks_versioned,
    mostly,
    shown_path,
)
from confiture_linter.graph.order import FileOrder, file_edges, order_of
from confiture_linter.model import ConfigError, Problem, Unanalysed
from confiture_linter.sources import SourceFile, source_from
from confiture_linter.sources.discover import Discovered
from confiture_linter.sources.order import OrderedFiles, order_files, order_migrations

if TYPE_CHECKING:
    from confiture_linter.engine.changes import Changes
    from confiture_linter.engine.judge import Judge
    from confiture_linter.engine.pending import Pending
    from confiture_linter.engine.selection import ActiveRule

_NUMBERED = re.compile(r"(?:^|/)[^/a-zA-Z]*\d")

_SAYS_WHICH = ("sqitch:", "list:", "psql:", "diesel", "flyway", "prisma")
"""Orders that say which files are run: a later one that defines something again changes it."""


class Workspace(NamedTuple):
    """Everything known about one tree."""

    config: Config
    files: tuple[Discovered, ...]
    """All files found, whatever their role."""
    sources: tuple[SourceFile, ...]
    """The files of the schema, in build order."""
    facts: tuple[FileFacts, ...]
    """Their facts, in the same order."""
    context: Context
    order: OrderedFiles
    computed: FileOrder | None
    """The computed order where none is declared."""
    problems: tuple[Problem, ...]
    set_aside: tuple[Unanalysed, ...] = ()
    """Files that were taken for a second copy of the schema."""
    changes: "Changes | None" = None
    """Change scripts beside the schema, judged; where the files are change scripts themselves, `context` has it all."""


def finish_workspace(
    opening: Opening, rules: "Sequence[ActiveRule] | None" = None, since: str | None = None
) -> Workspace:
    """Parse what is left, order, replay; judge change scripts by `rules`, if any are given.

    `since` overrules `migrations.since`.
    """
    config = opening.config
    by_path = opening.extraction.finish()
    names = opening.names
    said: list[Unanalysed] = []
    if (
        not config.schema.roots
        and not config.migrations.roots
        and not config.schema.order.startswith(_SAYS_WHICH)
    ):
        copies, said = second_schemas(
            names,
            {path: facts for path, (_, facts) in by_path.items()},
            looks_versioned,
            changes_first=opening.history,
        )
        names = tuple(name for name in names if name not in copies)
    if config.migrations.roots and opening.history:
        ordered = order_migrations(config, names)
    else:
        ordered = order_files(config, names)
    _since_something(opening, since)
    scripts = Scripts(config, by_path, rules, since if since is not None else config.migrations.since)
    if rules is not None and opening.scripts:
        beside = order_migrations(config, opening.scripts)
        workspace = scripts.beside(
            replayed(config, opening.files, by_path, ordered, history=False, declared=opening.declared),
            beside,
        )
    elif rules is not None and opening.history:
        judging = scripts.judging(ordered.files)
        workspace = replayed(
            config,
            opening.files,
            by_path,
            ordered,
            history=True,
            declared=opening.declared,
            judging=judging,
        )
    elif rules is not None and not config.schema.roots and (found := scripts.given_alone(ordered.files)):
        rest = ordered._replace(files=tuple(path for path in ordered.files if path not in found))
        workspace = replayed(config, opening.files, by_path, rest, history=False, declared=opening.declared)
        workspace = scripts.beside(workspace, OrderedFiles(True, found))
    else:
        workspace = replayed(
            config, opening.files, by_path, ordered, history=opening.history, declared=opening.declared
        )
    return workspace._replace(set_aside=tuple(said))


def _since_something(opening: Opening, since: str | None) -> None:
    """Raise `ConfigError` for a version where there are no migrations that could have it."""
    if since and not since.startswith("git:") and not (opening.history or opening.scripts):
        raise ConfigError(
            (Problem("", 0, 0, f"--since {since}: there are no migrations", "write git:REF for a revision"),)
        )


def open_workspace(
    config: Config,
    paths: Sequence[str] = (),
    *,
    overlays: Sequence[Overlay] = (),
    order: str | None = None,
    rules: "Sequence[ActiveRule] | None" = None,
    since: str | None = None,
) -> Workspace:
    """Find, read, parse, order and replay the schema; judge change scripts by `rules`, if any are given."""
    opening = begin_workspace(config, paths, overlays=overlays, order=order)
    opening.extraction.start()
    return finish_workspace(opening, rules, since)


def replayed(
    config: Config,
    found: tuple[Discovered, ...],
    by_path: dict[str, tuple[SourceFile, FileFacts]],
    ordered: OrderedFiles,
    *,
    history: bool,
    declared: bool,
    judging: Judging | None = None,
) -> Workspace:
    """Replay what was extracted, in the order declared or, where none is, in a computed one."""
    files = [path for path in ordered.files if path in by_path]
    binding = history or (ordered.declared and (declared or mostly(_NUMBERED, files)))
    context = _context(config, files, by_path, ordered=binding, history=history, judging=judging)
    computed = None
    if not binding:
        computed = order_of(files, [*file_edges(context.catalog), *include_edges(context.files)])
        if list(computed.files) != files:
            files = list(computed.files)
            context = _context(config, files, by_path, ordered=False, history=history)
    return Workspace(
        config,
        found,
        tuple(by_path[path][0] for path in files),
        tuple(by_path[path][1] for path in files),
        context,
        ordered,
        computed,
        ordered.problems,
    )


def _context(
    config: Config,
    files: Sequence[str],
    by_path: dict[str, tuple[SourceFile, FileFacts]],
    *,
    ordered: bool,
    history: bool,
    judging: Judging | None = None,
) -> Context:
    context = analyse(
        [by_path[path][1] for path in files],
        config,
        _texts(by_path),
        ordered=ordered,
        history=history,
        judging=judging,
    )
    context.exists = lambda path: os.path.exists(os.path.join(config.root or ".", path))
    context.files = [File(by_path[path][0], position) for position, path in enumerate(files)]
    return context


class Scripts:
    """Has change scripts judged; what it needs is imported only where there are any."""

    def __init__(
        self,
        config: Config,
        by_path: dict[str, tuple[SourceFile, FileFacts]],
        rules: "Sequence[ActiveRule] | None",
        since: str | None,
    ) -> None:
        self.config = config
        self.by_path = by_path
        self.rules = rules or ()
        self.since = since

    def judging(self, files: Sequence[str]) -> Judging:
        """The judge of a tree whose files are change scripts."""
        from confiture_linter.engine.changes import judge_for
        from confiture_linter.engine.pending import pending_of

        pending = pending_of(self.config, files, self.since)
        facts = [self.by_path[path][1] for path in pending.judged if path in self.by_path]

        def judging(context: Context) -> "Judge":
            return judge_for(
                self.config, facts, self._directive, self.rules, context, together=pending.together
            )

        return judging

    def beside(
        self, workspace: Workspace, ordered: OrderedFiles, pending: "Pending | None" = None
    ) -> Workspace:
        """Judge the scripts that lie beside a tree; their files become files of the workspace."""
        from confiture_linter.engine.changes import judged_changes
        from confiture_linter.engine.pending import pending_of

        files = [path for path in ordered.files if path in self.by_path]
        if pending is None:
            pending = pending_of(self.config, files, self.since)
        scripts = [self.by_path[path][1] for path in files]
        changes = judged_changes(
            self.config,
            workspace.facts,
            self._before(workspace),
            workspace.context.catalog,
            scripts,
            pending,
            self._directive,
            self.rules,
            _texts(self.by_path),
        )
        first = len(workspace.sources)
        changes.context.exists = workspace.context.exists
        changes.context.files = [
            File(self.by_path[path][0], first + position) for position, path in enumerate(files)
        ]
        return workspace._replace(
            sources=(*workspace.sources, *(self.by_path[path][0] for path in files)),
            facts=(*workspace.facts, *scripts),
            problems=(*workspace.problems, *ordered.problems),
            changes=changes,
        )

    def _before(self, workspace: Workspace) -> list[FileFacts] | None:
        """The tree as it was at the revision from which on scripts are judged; None without one."""
        if self.since is None or not self.since.startswith("git:") or not workspace.facts:
            return None
        from confiture_linter.engine.file_facts import file_facts
        from confiture_linter.engine.revision import changed_since, files_at, merge_base, text_at

        root = self.config.root or "."
        commit = merge_base(self.since, root)
        there = files_at(commit, root)
        changed = {os.path.relpath(p, root).replace(os.sep, "/") for p in changed_since(self.since, root)}
        before = []
        for facts in workspace.facts:
            if facts.path not in there:
                continue
            if facts.path in changed:
                source = source_from(
                    text_at(commit, root, facts.path), facts.path, self.config.schema.placeholders
                )
                facts = file_facts(source.path, source.text, source.substitutions)
            before.append(facts)
        return before

    def given_alone(self, files: Sequence[str]) -> tuple[str, ...]:
        """Files that change what is not here: scripts that were given without the schema they are for."""
        from confiture_linter.engine.pending import change_scripts

        return change_scripts({path: self.by_path[path][1] for path in files if path in self.by_path})

    def _directive(self, path: str) -> bool | None:
        """What the file, or its tool, says of a transaction around it."""
        return None


def _texts(by_path: dict[str, tuple[SourceFile, FileFacts]]) -> Callable[[str], bytes]:
    def text(path: str) -> bytes:
        known = by_path.get(path)
        return known[0].text if known is not None else b""

    return text


__all__ = [
    "Opening",
    "Overlay",
    "Workspace",
    "begin_workspace",
    "finish_workspace",
    "open_workspace",
    "replayed",
    "shown_path",
]
