"""Pending migrations + vetting + waivers → a plan, refused or not."""

import hashlib
import os
from collections.abc import Sequence

from confiture_linter.config import Config, Environment
from confiture_linter.config.settings import PHASES
from confiture_migrator.errors import MigrateError
from confiture_migrator.migrations import HookSpec, Migration
from confiture_migrator.migrations.statements import statements_of
from confiture_migrator.plan.demands import demands, risk_findings, step_by_step
from confiture_migrator.plan.python_steps import unread_findings
from confiture_migrator.plan.values import (
    Plan,
    PlanFinding,
    PlannedMigration,
    PlanSettings,
    Rollback,
    Waiver,
)
from confiture_migrator.plan.vetting import Vetting
from confiture_migrator.target import Identity


def make_plan(
    config: Config,
    before: Sequence[Migration],
    pending: Sequence[Migration],
    vetting: Vetting,
    *,
    environment: str,
    accepted: Environment,
    target: Identity | None,
    base: str,
    settings: PlanSettings,
    waivers: Sequence[Waiver],
) -> Plan:
    """Vet the pending migrations and put the answer together; `Plan.refusals` says whether it stands."""
    vetted = vetting.vet(before, pending)
    findings = list(vetted.findings)
    planned = []
    for migration in pending:
        statements = statements_of(migration.up, config.schema.placeholders) if migration.up else ()
        hooks = (*configured_hooks(config), *migration.hooks)
        hooks = tuple(hook for phase in PHASES for hook in hooks if hook.phase == phase)
        by_step = step_by_step(config, migration, statements)
        risk = vetted.risks[migration.version]
        findings += demands(migration, statements, hooks, by_step=by_step)
        findings += risk_findings(migration, risk, accepted)
        if migration.python is not None:
            findings += unread_findings(vetted.steps[migration.version], accepted)
        planned.append(
            PlannedMigration(
                migration.version,
                migration.name,
                migration.file,
                migration.checksum,
                not by_step,
                vetted.steps[migration.version],
                hooks,
                risk,
                _rollback(config, migration),
            )
        )
    findings.sort(key=lambda each: (each.file, each.line, each.column, each.rule, each.message))
    return Plan(
        environment,
        target,
        base,
        tuple(planned),
        _waived(findings, waivers),
        tuple(sorted(waivers)),
        settings,
    )


def configured_hooks(config: Config) -> tuple[HookSpec, ...]:
    """Hooks that confiture.yaml declares for every migration."""
    name = os.path.relpath(config.path, config.root or ".") if config.path else ""
    return tuple(
        HookSpec(phase, hook.type, hook.description, hook.timeout, hook.retries, hook.config, name, hook.line)
        for phase in PHASES
        for hook in config.hooks.get(phase, ())
    )


def _rollback(config: Config, migration: Migration) -> Rollback | None:
    if migration.down is not None:
        return Rollback(migration.down.file, len(statements_of(migration.down, config.schema.placeholders)))
    return Rollback(migration.file, 0) if migration.has_way_back else None


def _waived(findings: Sequence[PlanFinding], waivers: Sequence[Waiver]) -> tuple[PlanFinding, ...]:
    marked = []
    used: set[Waiver] = set()
    for finding in findings:
        waiver = next((each for each in waivers if each.matches(finding)), None)
        if waiver is not None and not finding.waivable:
            raise MigrateError(f"{finding.rule} cannot be waived: {finding.help}")
        if waiver is not None:
            used.add(waiver)
        marked.append(finding._replace(waived=waiver is not None))
    for waiver in waivers:
        if waiver not in used:
            there = [f"{each.rule}@{each.file}:{each.line}" for each in findings if each.severity == "error"]
            hint = f"errors are {', '.join(there)}" if there else "there are no errors"
            raise MigrateError(
                f"--waive {waiver.rule}@{waiver.file}:{waiver.line} matches no finding ({hint})"
            )
    return tuple(marked)


def tree_base(config: Config) -> str:
    """Fingerprint of the schema tree: the base of a plan that is made without a database."""
    from confiture_linter.sources.discover import discover

    digest = hashlib.sha256()
    if config.schema.roots:
        for file in discover(config):
            digest.update(file.path.encode() + b"\0")
            with open(file.disk, "rb") as opened:  # noqa: PTH123
                digest.update(hashlib.sha256(opened.read()).digest())
    return "sha256:" + digest.hexdigest()
