"""The one port through which the migrator asks the linter: findings, effects and risk of pending migrations.

`LinterVetting` answers it with what the linter has. The migrator has no model of effects of its own, and no rules.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from confiture_linter.config import Config
from confiture_linter.model import LineIndex
from confiture_migrator.migrations import Migration, Script
from confiture_migrator.migrations.statements import statements_of
from confiture_migrator.plan.python_steps import python_source, python_steps, with_unread
from confiture_migrator.plan.steps import steps_of
from confiture_migrator.plan.values import Duration, PlanFinding, Risk, Step

if TYPE_CHECKING:
    from confiture_linter.effects import Step as Judged
    from confiture_linter.engine.file_facts import FileFacts
    from confiture_linter.engine.registry import AnyRule
    from confiture_linter.engine.selection import ActiveRule
    from confiture_linter.engine.workspace import Workspace
    from confiture_linter.risk import Risk as Weighed
    from confiture_linter.sources import SourceFile


class Vetted(NamedTuple):
    """The linter's answer, by the version of each migration."""

    steps: Mapping[str, tuple[Step, ...]]
    risks: Mapping[str, Risk]
    findings: tuple[PlanFinding, ...]
    """By file, place and rule."""


class Vetting(Protocol):
    """Judges migrations in order, against what is there before each."""

    def vet(self, before: Sequence[Migration], pending: Sequence[Migration]) -> Vetted:
        """Vet `pending`, which follow `before`; raises `ConfigError` for what cannot be read."""
        ...


class LinterVetting:
    """Vets through the linter's own engine, with the rules and the configuration of `confiture-lint check`."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def vet(self, before: Sequence[Migration], pending: Sequence[Migration]) -> Vetted:
        """Split, lint, and take every statement's effects; `pending` are one deployment."""
        from confiture_linter.engine.assessment import snapshot_of
        from confiture_linter.risk import risk_of

        registry, active = self._rules()
        opened = self._workspace(before, pending, active)
        judged = _by_file(opened)
        snapshot = snapshot_of(self.config)
        steps, risks = {}, {}
        for migration in pending:
            found = judged.get(_path(migration), [])
            made = steps[migration.version] = self._steps(migration, found, opened)
            risk = _risk(risk_of(found, snapshot, down=migration.has_way_back))
            risks[migration.version] = risk if migration.python is None else with_unread(risk, made)
        return Vetted(steps, risks, self._findings(opened, registry, active, pending))

    def _steps(
        self, migration: Migration, judged: "Sequence[Judged]", opened: "Workspace"
    ) -> tuple[Step, ...]:
        if migration.python is not None:
            return python_steps(migration, judged, *_script(opened, migration.file))
        placeholders = self.config.schema.placeholders
        statements = statements_of(migration.up, placeholders) if migration.up is not None else ()
        return steps_of(statements, judged)

    def _rules(self) -> "tuple[tuple[AnyRule, ...], tuple[ActiveRule, ...]]":
        from confiture_linter.engine.custom import custom_rules
        from confiture_linter.engine.registry import load_rules
        from confiture_linter.engine.selection import select_rules

        loaded = load_rules(self.config.lint.plugins)
        own = custom_rules(self.config, {rule.name for rule in loaded})
        registry = tuple(sorted((*loaded, *own), key=lambda rule: rule.name))
        return registry, select_rules(registry, self.config)

    def _findings(
        self,
        opened: "Workspace",
        registry: "tuple[AnyRule, ...]",
        active: "tuple[ActiveRule, ...]",
        pending: Sequence[Migration],
    ) -> tuple[PlanFinding, ...]:
        from confiture_linter.engine.check import check

        scripts = {_path(each): _text(each) for each in pending}
        indexes = {path: LineIndex(script.text.encode()) for path, script in scripts.items()}
        found = []
        for finding in check(opened, active, registry).findings:
            if finding.path not in scripts or finding.suppressed is not None:
                continue
            line, column = indexes[finding.path].position(finding.span.start)
            found.append(
                PlanFinding(
                    finding.rule,
                    finding.severity.value,
                    finding.message,
                    finding.help,
                    finding.path,
                    scripts[finding.path].line_at(line - 1),
                    column,
                    finding.object,
                )
            )
        return tuple(found)

    def _workspace(
        self, before: Sequence[Migration], pending: Sequence[Migration], active: "tuple[ActiveRule, ...]"
    ) -> "Workspace":
        """The schema tree, where there is one, and the migrations beside it, the pending ones judged."""
        from confiture_linter.engine.file_facts import source_facts
        from confiture_linter.engine.opening import begin_workspace
        from confiture_linter.engine.pending import Pending
        from confiture_linter.engine.scripts import Scripts
        from confiture_linter.engine.workspace import replayed
        from confiture_linter.sources import source_from
        from confiture_linter.sources.order import OrderedFiles, order_files

        config = self.config
        by_path = {}
        tree = OrderedFiles(True, ())
        if config.schema.roots:
            opening = begin_workspace(config)
            by_path.update(opening.extraction.finish())
            tree = order_files(config, opening.names)
        for migration in (*before, *pending):
            source = (
                source_from(_text(migration).text.encode(), _path(migration), config.schema.placeholders)
                if migration.python is None
                else python_source(migration.python, migration.file, config.schema.placeholders)
            )
            by_path[source.path] = (source, source_facts(source))
        earlier, judged = tuple(map(_path, before)), tuple(map(_path, pending))
        tree = tree._replace(files=tuple(path for path in tree.files if path not in {*earlier, *judged}))
        workspace = replayed(config, (), by_path, tree, history=False, declared=True)
        scripts = Scripts(config, by_path, active, None)
        return scripts.beside(
            workspace, OrderedFiles(True, (*earlier, *judged)), Pending(earlier, judged, together=True)
        )


def _path(migration: Migration) -> str:
    return migration.up.file if migration.up is not None else migration.file


def _text(migration: Migration) -> Script:
    """The text whose places are places of the file."""
    if migration.python is not None:
        return Script(migration.python.data.decode("utf-8", "replace"), migration.file)
    return migration.up or Script("", migration.file)


def _script(opened: "Workspace", path: str) -> "tuple[SourceFile, FileFacts]":
    """A file as it was read."""
    pairs = zip(opened.sources, opened.facts, strict=True)
    return next((source, facts) for source, facts in pairs if source.path == path)


def _by_file(opened: "Workspace") -> dict[str, list["Judged"]]:
    """The judged statements of every script, in order."""
    found: dict[str, list[Judged]] = {}
    for changes in opened.changes.context.change_sets if opened.changes is not None else ():
        for step in changes.steps:
            found.setdefault(step.where.path, []).append(step)
    return found


def _risk(risk: "Weighed") -> Risk:
    """The linter's risk as plans hold it; what must be done is starred."""
    duration = risk.duration
    return Risk(
        risk.compatibility.value,
        risk.data_loss.value,
        risk.performance.value,
        risk.locking.value,
        tuple(f"{axis}: {reason}" for axis, reason in risk.reasons),
        tuple(f"★ {item.text}" if item.must else item.text for item in risk.recommendations),
        Duration(*duration) if duration is not None else None,
    )
