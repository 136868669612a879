"""The one port through which the migrator asks the linter: findings, effects and risk of pending migrations.

`LinterVetting` answers it with what the linter has. Effects come through `effects_of_statement`, and only there: until
the linter computes them, they are said to be unknown. The migrator has no model of effects of its own.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from confiture_linter.config import Config
from confiture_linter.effects.values import Effects
from confiture_linter.model import Finding, LineIndex
from confiture_migrator.migrations import Migration, Script
from confiture_migrator.migrations.statements import Statement, statements_of
from confiture_migrator.plan.values import PlanFinding, Risk, Step

if TYPE_CHECKING:
    from confiture_linter.engine.workspace import Workspace


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


def effects_of_statement(statement: Statement) -> Effects:
    """What a statement does to a running database, as far as the linter can tell."""
    return Effects(
        in_transaction=statement.outside is None,
        unknown=("locks, rewrites and scans are not computed yet; a dry-run observes them",),
    )


class LinterVetting:
    """Vets through the linter's own engine, with the rules and the configuration of `confiture-lint check`."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def vet(self, before: Sequence[Migration], pending: Sequence[Migration]) -> Vetted:
        """Split, lint, and take every statement's effects."""
        placeholders = self.config.schema.placeholders
        steps = {
            migration.version: tuple(
                Step(each.shown, each.file, each.line, effects_of_statement(each))
                for each in (statements_of(migration.up, placeholders) if migration.up else ())
            )
            for migration in pending
        }
        return Vetted(
            steps,
            {migration.version: _risk_of(steps[migration.version]) for migration in pending},
            self._findings(before, pending),
        )

    def _findings(self, before: Sequence[Migration], pending: Sequence[Migration]) -> tuple[PlanFinding, ...]:
        from confiture_linter.engine.check import check
        from confiture_linter.engine.custom import custom_rules
        from confiture_linter.engine.registry import load_rules
        from confiture_linter.engine.selection import select_rules

        loaded = load_rules(self.config.lint.plugins)
        own = custom_rules(self.config, {rule.name for rule in loaded})
        registry = tuple(sorted((*loaded, *own), key=lambda rule: rule.name))
        active = select_rules(registry, self.config)
        opened = self._workspace([each for each in (*before, *pending) if each.up is not None])
        scripts = {each.up.file: each.up for each in pending if each.up is not None}
        indexes = {path: LineIndex(script.text.encode()) for path, script in scripts.items()}
        found = []
        for finding in check(opened, active, registry).findings:
            if finding.path not in scripts or finding.suppressed is not None or _in_tree(finding, scripts):
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

    def _workspace(self, migrations: Sequence[Migration]) -> "Workspace":
        """The schema tree, where there is one, and the migrations after it."""
        from confiture_linter.engine.file_facts import file_facts
        from confiture_linter.engine.opening import begin_workspace
        from confiture_linter.engine.workspace import replayed
        from confiture_linter.sources import source_from
        from confiture_linter.sources.order import OrderedFiles, order_files

        config = self.config
        tree: tuple[str, ...] = ()
        by_path = {}
        if config.schema.roots:
            opening = begin_workspace(config)
            by_path.update(opening.extraction.finish())
            tree = order_files(config, opening.names).files
        for migration in migrations:
            script = migration.up
            if script is None:
                continue
            source = source_from(script.text.encode(), script.file, config.schema.placeholders)
            by_path[script.file] = (source, file_facts(source.path, source.text, source.substitutions))
        scripts = tuple(each.up.file for each in migrations if each.up is not None)
        ordered = OrderedFiles(True, (*(path for path in tree if path not in scripts), *scripts))
        return replayed(config, (), by_path, ordered, history=True, declared=True)


def _in_tree(finding: Finding, scripts: Mapping[str, Script]) -> bool:
    """Whether the schema tree shows what the migration is going to make: the tree is then ahead, not the migration wrong."""
    return finding.rule == "duplicate-object" and any(each.path not in scripts for each in finding.related)


def _risk_of(steps: Sequence[Step]) -> Risk:
    """Unknown on every axis until the linter weighs it; never `none` for lack of knowledge."""
    if any(step.effects.unknown for step in steps) or not steps:
        return Risk(reasons=("the linter of this version does not weigh risk",))
    return Risk()
