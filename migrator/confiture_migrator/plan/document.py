"""Plan ↔ JSON. The file is exactly the rendering of its content: one changed byte, even a blank, is noticed."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from confiture_linter.config.settings import PHASES
from confiture_linter.effects.values import Effects, LockMode
from confiture_migrator.errors import MigrateError, PlanRefused
from confiture_migrator.migrations import HookSpec
from confiture_migrator.plan.values import (
    VERSION,
    Duration,
    Plan,
    PlanFinding,
    PlannedMigration,
    PlanSettings,
    Risk,
    Rollback,
    Step,
    Waiver,
)
from confiture_migrator.target import Identity


def plan_bytes(plan: Plan) -> bytes:
    """The document as it is written to disk."""
    return _rendered(plan_document(plan))


def plan_hash(plan: Plan) -> str:
    """The hash that stands in the document and in the ledger."""
    return str(plan_document(plan)["hash"])


def plan_document(plan: Plan) -> dict[str, Any]:
    """The document, its hash included."""
    body: dict[str, Any] = {
        "version": VERSION,
        "environment": plan.environment,
        "target": None if plan.target is None else plan.target._asdict(),
        "base": plan.base,
        "migrations": [_migration(each) for each in plan.migrations],
        "findings": [_finding(each) for each in plan.findings],
        "waivers": [each._asdict() for each in plan.waivers],
        "settings": plan.settings._asdict(),
    }
    return {**body, "hash": _hash(body)}


def _hash(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _rendered(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _migration(migration: PlannedMigration) -> dict[str, Any]:
    return {
        "version": migration.version,
        "name": migration.name,
        "file": migration.file,
        "checksum": migration.checksum,
        "transaction": migration.transaction,
        "steps": [_step(step) for step in migration.steps],
        "hooks": {
            phase: [_hook(hook) for hook in migration.hooks if hook.phase == phase]
            for phase in PHASES
            if any(hook.phase == phase for hook in migration.hooks)
        },
        "risk": {
            **migration.risk._asdict(),
            "duration": migration.risk.duration and migration.risk.duration._asdict(),
        },
        "rollback": migration.rollback and migration.rollback._asdict(),
    }


def _step(step: Step) -> dict[str, Any]:
    effects = step.effects
    return {
        "sql": step.sql,
        "file": step.file,
        "line": step.line,
        "locks": {relation: mode.value for relation, mode in effects.locks},
        "rewrites": effects.rewrites,
        "scans": effects.scans,
        "index_rebuilds": effects.index_rebuilds,
        "in_transaction": effects.in_transaction,
        "error": effects.error,
        "unknown": effects.unknown,
        "notes": effects.notes,
    }


def _hook(hook: HookSpec) -> dict[str, Any]:
    shown = hook._asdict()
    del shown["phase"]
    if not hook.in_python:
        del shown["in_python"]
    return shown


def _finding(finding: PlanFinding) -> dict[str, Any]:
    return finding._asdict()


def load_plan(path: str) -> tuple[Plan, str]:
    """Read a plan and its hash; raises `PlanRefused` unless every byte is as it was written."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as the user spelled it, also in the message
            data = file.read()
    except OSError as error:
        raise MigrateError(f"{path}: {error.strerror or error}") from None
    again = "make the plan again: `confiture-migrate plan`"
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise PlanRefused(f"{path} is not a plan: it is no JSON ({again})") from None
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise PlanRefused(f"{path} is not a plan of version {VERSION} ({again})")
    body = {key: value for key, value in document.items() if key != "hash"}
    if document.get("hash") != _hash(body) or _rendered(document) != data:
        raise PlanRefused(
            f"{path} was changed after it was made: its hash does not fit its content ({again})"
        )
    try:
        return _read(document), str(document["hash"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlanRefused(f"{path} is not a plan that this version can read: {error!r} ({again})") from None


def _read(document: Mapping[str, Any]) -> Plan:
    return Plan(
        document["environment"],
        None if document["target"] is None else Identity(**document["target"]),
        document["base"],
        tuple(_read_migration(each) for each in document["migrations"]),
        tuple(PlanFinding(**each) for each in document["findings"]),
        tuple(Waiver(**each) for each in document["waivers"]),
        PlanSettings(**document["settings"]),
    )


def _read_migration(item: Mapping[str, Any]) -> PlannedMigration:
    risk = item["risk"]
    return PlannedMigration(
        item["version"],
        item["name"],
        item["file"],
        item["checksum"],
        item["transaction"],
        tuple(_read_step(step) for step in item["steps"]),
        tuple(HookSpec(phase, **hook) for phase in PHASES for hook in item["hooks"].get(phase, ())),
        Risk(
            risk["compatibility"],
            risk["data_loss"],
            risk["performance"],
            risk["locking"],
            tuple(risk["reasons"]),
            tuple(risk["recommendations"]),
            None if risk["duration"] is None else Duration(**risk["duration"]),
        ),
        None if item["rollback"] is None else Rollback(**item["rollback"]),
    )


def _read_step(item: Mapping[str, Any]) -> Step:
    effects = Effects(
        tuple((relation, LockMode(mode)) for relation, mode in item["locks"].items()),
        tuple(item["rewrites"]),
        tuple(item["scans"]),
        tuple(item["index_rebuilds"]),
        item["in_transaction"],
        item["error"],
        tuple(item["unknown"]),
        tuple(item["notes"]),
    )
    return Step(item["sql"], item["file"], item["line"], effects)
