"""`risk`: the answer as JSON, and as text."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from confiture_linter.engine.assessment import Assessed
from confiture_linter.risk import Risk
from confiture_linter.risk.values import AXES


def render_json(found: Sequence[Assessed], name: Callable[[str], str]) -> str:
    """Return the document, version 1; `name` spells paths as the user sees them."""
    document = {
        "version": 1,
        "migrations": [
            {"file": name(item.migration.path), "version": item.migration.version, **risk_document(item.risk)}
            for item in found
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def risk_document(risk: Risk) -> dict[str, Any]:
    """Return one risk as plans and reports hold it."""
    return {
        **{axis: risk.level(axis).value for axis in AXES},
        "reasons": dict(risk.reasons),
        "recommendations": [{"text": item.text, "must": item.must} for item in risk.recommendations],
        "duration": risk.duration._asdict() if risk.duration is not None else None,
        "unknown_sizes": list(risk.unknown_sizes),
        "rollback": risk.rollback,
    }


def render_text(found: Sequence[Assessed], name: Callable[[str], str], *, ascii_only: bool) -> str:
    """Return the answer for a person: the four axes of each migration, with a reason each."""
    if not found:
        return "No migrations to judge.\n"
    star, dash = ("*", "-") if ascii_only else ("★", "·")
    blocks = []
    for item in found:
        risk, reasons = item.risk, dict(item.risk.reasons)
        lines = [name(item.migration.path)]
        for axis in AXES:
            level = risk.level(axis).value
            lines.append(f"  {axis.replace('_', ' '):14} {level:7} {reasons.get(axis, '')}".rstrip())
        lines.append(f"  {'duration':14} {_duration(risk)}")
        lines += [f"  {star if advice.must else dash} {advice.text}" for advice in risk.recommendations]
        lines.append(f"  {'rollback':14} {risk.rollback}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _duration(risk: Risk) -> str:
    if risk.duration is None:
        return f"unknown: the size of {', '.join(risk.unknown_sizes)} is not known"
    spoken = (f"{risk.duration.low:.2g} s", f"{risk.duration.high:.2g} s")
    return f"{risk.duration.seconds:.2g} s ({spoken[0]} to {spoken[1]})"
