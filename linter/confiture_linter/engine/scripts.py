"""Has change scripts judged; imported only where there may be any."""

import os
from collections.abc import Sequence

from confiture_linter.config import Config
from confiture_linter.engine.changes import judge_for, judged_changes
from confiture_linter.engine.context import Context
from confiture_linter.engine.file_facts import FileFacts, source_facts
from confiture_linter.engine.files import File
from confiture_linter.engine.judge import Judge
from confiture_linter.engine.lint import Judging
from confiture_linter.engine.pending import ENOUGH, Pending, never_made, pending_of
from confiture_linter.engine.revision import changed_since, files_at, merge_base, text_at
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.workspace import Workspace, texts_of
from confiture_linter.sources import SourceFile, source_from
from confiture_linter.sources.migration import MigrationInfo, migration_info
from confiture_linter.sources.order import OrderedFiles


class Scripts:
    """Finds the pending scripts of one tree, and what was there before them."""

    def __init__(
        self,
        config: Config,
        by_path: dict[str, tuple[SourceFile, FileFacts]],
        rules: Sequence[ActiveRule],
        since: str | None,
    ) -> None:
        self.config = config
        self.by_path = by_path
        self.rules = rules
        self.since = since
        self._infos: dict[str, MigrationInfo] = {}

    def judging(self, files: Sequence[str]) -> Judging:
        """The judge of a tree whose files are change scripts."""
        pending = pending_of(self.config, [p for p in files if p in self.by_path], self.since, self._version)
        facts = [self.by_path[path][1] for path in pending.judged if path in self.by_path]
        absent = never_made([self.by_path[path][1] for path in files if path in self.by_path])
        partial = len(absent) >= ENOUGH

        def judging(context: Context) -> Judge:
            if partial:
                context.catalog.partial, context.catalog.expected = True, absent
            return judge_for(
                self.config,
                facts,
                self._info,
                self.rules,
                context,
                together=pending.together,
                complete=not partial,
            )

        return judging

    def beside(
        self, workspace: Workspace, ordered: OrderedFiles, pending: Pending | None = None
    ) -> Workspace:
        """Judge the scripts that lie beside a tree; their files become files of the workspace."""
        files = [path for path in ordered.files if path in self.by_path]
        if pending is None:
            pending = pending_of(
                self.config, [p for p in files if p in self.by_path], self.since, self._version
            )
        scripts = [self.by_path[path][1] for path in files]
        changes = judged_changes(
            self.config,
            workspace.facts,
            self._before(workspace),
            workspace.context.catalog,
            scripts,
            pending,
            self._info,
            self.rules,
            texts_of(self.by_path),
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
                facts = source_facts(source)
            before.append(facts)
        return before

    def _version(self, path: str) -> str:
        return self._info(path).version

    def _info(self, path: str) -> MigrationInfo:
        """What a script says of itself, and its tool of it."""
        known = self._infos.get(path)
        if known is None:
            disk = os.path.join(self.config.root or ".", path)
            known = self._infos[path] = migration_info(disk, self.by_path[path][0].data)
        return known
