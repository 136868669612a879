"""The one port through which the migrator asks the linter: findings, effects and risk of pending migrations.

`LinterVetting` answers it with what the linter has. The migrator has no model of effects of its own, and no rules.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from confiture_linter.config import Config
from confiture_linter.effects import Effects, LockMode
from confiture_linter.model import LineIndex
from confiture_linter.statements.facts import Transaction
from confiture_migrator.migrations import Migration
from confiture_migrator.migrations.statements import Statement, statements_of
from confiture_migrator.plan.values import Duration, PlanFinding, Risk, Step

if TYPE_CHECKING:
    from confiture_linter.effects import Step as Judged
    from confiture_linter.engine.registry import AnyRule
    from confiture_linter.engine.selection import ActiveRule
    from confiture_linter.engine.workspace import Workspace
    from confiture_linter.risk import Risk as Weighed


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

        placeholders = self.config.schema.placeholders
        registry, active = self._rules()
        opened = self._workspace(before, pending, active)
        judged = _by_file(opened)
        snapshot = snapshot_of(self.config)
        steps, risks = {}, {}
        for migration in pending:
            script = migration.up
            found = judged.get(script.file, []) if script is not None else []
            statements = statements_of(script, placeholders) if script is not None else ()
            steps[migration.version] = _steps(statements, found)
            risks[migration.version] = (
                _risk(risk_of(found, snapshot, down=migration.down is not None))
                if script is not None
                else Risk()
            )
        return Vetted(steps, risks, self._findings(opened, registry, active, pending))

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

        scripts = {each.up.file: each.up for each in pending if each.up is not None}
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
        from confiture_linter.engine.file_facts import file_facts
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
            script = migration.up
            if script is not None:
                source = source_from(script.text.encode(), script.file, config.schema.placeholders)
                by_path[script.file] = (source, file_facts(source.path, source.text, source.substitutions))
        earlier = tuple(each.up.file for each in before if each.up is not None)
        judged = tuple(each.up.file for each in pending if each.up is not None)
        tree = tree._replace(files=tuple(path for path in tree.files if path not in {*earlier, *judged}))
        workspace = replayed(config, (), by_path, tree, history=False, declared=True)
        scripts = Scripts(config, by_path, active, None)
        return scripts.beside(
            workspace, OrderedFiles(True, (*earlier, *judged)), Pending(earlier, judged, together=True)
        )


def _by_file(opened: "Workspace") -> dict[str, list["Judged"]]:
    """The judged statements of every script, in order."""
    found: dict[str, list[Judged]] = {}
    for changes in opened.changes.context.change_sets if opened.changes is not None else ():
        for step in changes.steps:
            found.setdefault(step.where.path, []).append(step)
    return found


def _steps(statements: Sequence[Statement], judged: "Sequence[Judged]") -> tuple[Step, ...]:
    """Each statement with what it does; what a statement contains (a schema's tables, a block's DDL) counts for it."""
    groups: list[list[Effects]] = []
    end = -1
    for step in judged:
        statement = step.where.statement
        if isinstance(statement.fact, Transaction) and statement.fact.kind in ("begin", "start", "commit"):
            continue
        if statement.start >= end:
            groups.append([])
            end = statement.end
        groups[-1].append(step.effects)
    if len(groups) != len(statements):
        unknown = Effects(unknown=("what its statements do: they could not be told apart",))
        return tuple(Step(each.shown, each.file, each.line, unknown) for each in statements)
    return tuple(
        Step(each.shown, each.file, each.line, _together(group))
        for each, group in zip(statements, groups, strict=True)
    )


def _together(group: Sequence[Effects]) -> Effects:
    """The effects of a statement, which comes first and has those of its parts already where it is a block."""
    first = group[0]
    if len(group) == 1:
        return first
    locks: dict[str, LockMode] = {}
    for effects in group:
        for name, mode in effects.locks:
            if name not in locks or locks[name].rank < mode.rank:
                locks[name] = mode

    def names(of: Callable[[Effects], tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(sorted({name for effects in group for name in of(effects)}))

    return first._replace(
        locks=tuple(sorted(locks.items())),
        rewrites=names(lambda effects: effects.rewrites),
        scans=names(lambda effects: effects.scans),
        index_rebuilds=names(lambda effects: effects.index_rebuilds),
    )


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
