"""The safe way to do what a statement of a migration does: `explain --plan FILE:LINE`."""

import json
import os
from collections.abc import Iterator, Sequence

from confiture_linter.config import Config
from confiture_linter.effects import Change
from confiture_linter.effects.expand_contract import Plan, plans_of
from confiture_linter.engine.context import Context
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.workspace import open_workspace
from confiture_linter.model import Finding, LineIndex, Severity, SourceError, rule


def plans_at(config: Config, path: str, line: int) -> tuple[Plan, ...]:
    """The plans for the statement at a line of a file; none where an edit is enough, or nothing is needed.

    Raises `SourceError` if no statement of a migration stands there.
    """
    wanted = os.path.relpath(path, config.root or ".").replace(os.sep, "/")
    found: list[tuple[Plan, ...]] = []

    @rule(name="plan", subject=Change, severity=Severity.INFO, bad="", good="", at="")
    def plan(change: Change, ctx: Context) -> Iterator[Finding]:
        """Keep the plans of the statement that is asked for."""
        if change.path == wanted:
            lines = LineIndex(ctx.text(wanted))
            if lines.position(change.span.start).line <= line <= lines.position(change.span.end).line:
                found.append(plans_of(change))
        yield from ()

    configured = bool(config.schema.roots or config.migrations.roots)
    open_workspace(config, () if configured else (path,), rules=[ActiveRule(plan, Severity.INFO, {}, None)])
    if not found:
        raise SourceError(f"{path}:{line}: no statement of a migration stands here")
    return tuple(plan for plans in found for plan in plans)


def render_text(plans: Sequence[Plan]) -> str:
    """The plans for a person: numbered stages with their SQL."""
    if not plans:
        return "Nothing to plan: the statement needs no stages; what it needs else, `check` says.\n"
    blocks = []
    for plan in plans:
        lines = [plan.title, ""]
        for number, stage in enumerate(plan.stages, 1):
            lines.append(
                f"{number}. {stage.title}" + ("" if stage.transaction else " (outside of a transaction)")
            )
            lines += [f"   {statement};" for statement in stage.statements]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def render_json(plans: Sequence[Plan]) -> str:
    """The plans as a document, version 1."""
    document = {
        "version": 1,
        "plans": [
            {"title": plan.title, "stages": [stage._asdict() for stage in plan.stages]} for plan in plans
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
