"""Values → text for people, and JSON documents. One function each; none asks the database."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from confiture_migrator.ledger import Entry
from confiture_migrator.ledger.status import Row, Status
from confiture_migrator.plan.values import Plan, PlanFinding, PlannedMigration
from confiture_migrator.rehearse.samples import Sample
from confiture_migrator.rehearse.values import DryRun, Estimate, MigrationReport, StepReport

VERSION = 1


def document(body: Mapping[str, Any]) -> str:
    """One JSON document."""
    return json.dumps({"version": VERSION, **body}, ensure_ascii=False, indent=2) + "\n"


def plan_text(plan: Plan, plan_hash: str, *, verbose: bool = False) -> str:
    """A plan for people."""
    target = plan.target
    where = (
        f"{target.database} (PostgreSQL {target.server_version})"
        if target
        else "no database: for a dry-run only"
    )
    lines = [f"plan {plan_hash[7:19]} for {plan.environment or 'the default environment'}: {where}", ""]
    for migration in plan.migrations:
        lines += _migration_lines(migration, verbose=verbose)
    if not plan.migrations:
        lines += ["nothing is pending", ""]
    shown = [each for each in plan.findings if verbose or each.severity != "info"]
    if shown:
        lines.append("findings")
        for finding in shown:
            lines += _finding_lines(finding)
        lines.append("")
    for waiver in plan.waivers:
        lines.append(f"waived {waiver.rule} at {waiver.file}:{waiver.line}: {waiver.reason}")
    settings = plan.settings
    lines.append(
        f"lock_timeout {settings.lock_timeout}, statement_timeout {settings.statement_timeout}, "
        f"{settings.lock_retries} new beginnings after a lock timeout"
    )
    return "\n".join(lines) + "\n"


def _migration_lines(migration: PlannedMigration, *, verbose: bool) -> list[str]:
    how = "one transaction" if migration.transaction else "step by step"
    back = "can be taken back" if migration.rollback else "CANNOT be taken back"
    count = len(migration.steps)
    lines = [f"{migration.name}  {how}, {count} statement{'' if count == 1 else 's'}, {back}"]
    risk = migration.risk
    axes = ("compatibility", "data_loss", "performance", "locking")
    lines.append("  risk: " + ", ".join(f"{axis} {risk.level(axis)}" for axis in axes))
    lines += [f"    {reason}" for reason in risk.reasons]
    lines += [f"    {each}" for each in risk.recommendations]
    for step in migration.steps:
        effects = step.effects
        told = [f"{mode.value} on {relation}" for relation, mode in effects.locks]
        told += [f"rewrites {relation}" for relation in effects.rewrites]
        told += [f"scans {relation}" for relation in effects.scans]
        told += [] if effects.in_transaction else ["outside a transaction"]
        told += [f"FAILS: {effects.error}"] if effects.error else []
        told += [f"not known: {each}" for each in effects.unknown]
        if told or verbose:
            lines.append(f"  {step.line:>4}  {_head(step.sql)}")
            lines += [f"          {each}" for each in told]
    lines += [
        f"  hook {hook.type} in {hook.phase}{f': {hook.description}' if hook.description else ''}"
        for hook in migration.hooks
    ]
    return [*lines, ""]


def _head(sql: str) -> str:
    """The beginning of a statement."""
    head = " ".join(sql.split()) or "(Python)"
    return f"{head[:70]}…" if len(head) > 70 else head


def _finding_lines(finding: PlanFinding) -> list[str]:
    waived = " (waived)" if finding.waived else ""
    place = f"{finding.file}:{finding.line}:{finding.column}"
    lines = [f"  {place}: {finding.severity}: {finding.message} [{finding.rule}]{waived}"]
    return [*lines, f"      {finding.help}"] if finding.help else lines


def status_document(status: Status) -> str:
    """The status document."""
    return document(
        {
            "applied": [_row(row) for row in status.applied],
            "pending": [_row(row) for row in status.pending],
            "running": [_row(row) for row in status.running],
            "failed": [_row(row) for row in status.failed],
            "reverted": [_row(row) for row in status.reverted],
            "changed": list(status.changed),
            "missing": list(status.missing),
            "ok": status.ok,
        }
    )


def _row(row: Row) -> dict[str, Any]:
    body: dict[str, Any] = {"version": row.version, "name": row.name, "file": row.file}
    return body if row.entry is None else {**body, **entry_document(row.entry), "told": row.told}


def entry_document(entry: Entry) -> dict[str, Any]:
    """A row of the ledger."""
    shown = entry._asdict()
    for key in ("started_at", "finished_at"):
        shown[key] = shown[key] and shown[key].isoformat()
    return shown


def status_text(status: Status) -> str:
    """The status for people."""
    lines = [f"{len(status.applied)} applied, {len(status.pending)} pending"]
    failed = {row.version for row in status.failed}
    lines += [
        f"  pending   {row.name}{'  (it was taken back)' if row.entry else ''}"
        for row in status.pending
        if row.version not in failed
    ]
    gone = [row for row in status.reverted if row.version not in {each.version for each in status.pending}]
    for title, rows in (("running", status.running), ("failed", status.failed), ("reverted", gone)):
        for row in rows:
            entry = row.entry
            unfinished = entry is not None and entry.step and title != "reverted"
            lines.append(f"  {title:9} {row.name}{f'  (step {entry.step})' if entry and unfinished else ''}")
            told = row.told or (entry.error if entry else "") or ""
            lines += [f"            {line}" for line in told.splitlines()]
    lines += [f"  edited    {file}: its content is not what was applied" for file in status.changed]
    lines += [f"  missing   {name}: it was applied, and its file is gone" for name in status.missing]
    return "\n".join(lines) + "\n"


def history_text(entries: Sequence[Entry]) -> str:
    """The ledger as a table."""
    head = ("version", "name", "state", "finished", "seconds", "rows", "by")
    rows = [head, *(_history_row(entry) for entry in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )


def _history_row(entry: Entry) -> tuple[str, ...]:
    finished = entry.finished_at.isoformat(" ", "seconds") if entry.finished_at else ""
    seconds = "" if entry.duration_ms is None else f"{entry.duration_ms / 1000:.3f}"
    rows = "" if entry.rows is None else str(entry.rows)
    return (entry.version, entry.name, entry.state.value, finished, seconds, rows, entry.applied_by or "")


def dry_run_text(made: DryRun, *, verbose: bool = False) -> str:
    """A dry-run for people."""
    lines = [f"dry-run on the {made.on}, PostgreSQL {made.server_version}, {made.basis}", ""]
    for report in made.migrations:
        lines += _report_lines(report, verbose=verbose)
    lines += [f"note: {note}" for note in made.notes]
    failed = sum(not report.ok for report in made.migrations)
    lines.append(f"{len(made.migrations)} migrations, {failed} failed")
    return "\n".join(lines) + "\n"


def _report_lines(report: MigrationReport, *, verbose: bool) -> list[str]:
    lines = [f"{report.name}  {'ok' if report.ok else 'FAILED'}  {report.seconds:.3f} s"]
    lines += [f"  {line}" for line in (report.error or "").splitlines()]
    for step in report.steps:
        told = _step_told(step)
        if told or verbose:
            lines.append(f"  {step.line:>4}  {_head(step.sql)}  {step.seconds:.3f} s")
            lines += [f"          {each}" for each in told]
    for hook in report.hooks:
        how = f"left out: {hook.skipped}" if hook.skipped else f"{hook.seconds:.3f} s, {hook.rows} rows"
        lines.append(f"  hook {hook.type} in {hook.phase}: {how}{'' if hook.ok else ', FAILED'}")
    for what, changes in (("index", report.indexes), ("constraint", report.constraints)):
        lines += [f"  {what} {verb}: {name}" for verb in ("added", "dropped") for name in changes[verb]]
    for table, sample in (report.samples or {}).items():
        lines += _sample_lines(table, sample)
    lines += [f"  estimate: {_estimate(report.estimate)}", ""]
    return lines


def _sample_lines(table: str, sample: Sample) -> list[str]:
    """The first rows of a table, before and after, as two small tables."""
    lines = []
    for when, rows in (("before", sample.before), ("after", sample.after)):
        if rows is None:
            lines.append(
                f"  {table} {when}: it was not there" if when == "before" else f"  {table} {when}: it is gone"
            )
            continue
        lines.append(f"  {table} {when}:{'' if rows else ' no rows'}")
        if rows:
            names = list(rows[0])
            cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
            widths = [max(len(row[column]) for row in cells) for column in range(len(names))]
            lines += [
                "    " + "  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in cells
            ]
    return lines


def _cell(value: str | None) -> str:
    return "∅" if value is None else value.replace("\n", "⏎")


def _step_told(step: StepReport) -> list[str]:
    told = [
        f"{lock.mode.value} on {name}, held {lock.held_seconds:.3f} s"
        for name, lock in sorted(step.locks.items())
    ]
    told += [
        f"{name}: {rows.inserted} inserted, {rows.updated} updated, {rows.deleted} deleted"
        for name, rows in sorted(step.rows.items())
    ]
    told += [f"rewrites {name}" for name in step.rewrites]
    told += [f"DIFFERENCE: {each}" for each in step.differences]
    return told


def _estimate(made: Estimate) -> str:
    if made.seconds is None:
        return f"none; {made.basis}"
    between = (
        f" ({made.low:.2f} to {made.high:.2f})" if made.low is not None and made.high is not None else ""
    )
    return f"{made.seconds:.2f} s{between}, confidence {made.confidence:.2f}; {made.basis}"
