"""`impact`: text for people, JSON for programs."""

import json
from collections.abc import Callable
from typing import NamedTuple

from confiture_linter.graph import dependents as live
from confiture_linter.graph.dependents import Action, How
from confiture_linter.graph.impact import Dependent, Impact
from confiture_linter.graph.script import Script


class Effects(NamedTuple):
    """What one action on one subject means to PostgreSQL."""

    subject: str
    place: str
    action: Action
    dependents: tuple[live.Dependent, ...]
    locate: Callable[[str, int], str]
    """Path and offset as `file:line`."""
    script: Script


def render_json(found: Impact, effects: Effects | None = None) -> str:
    """Return the document, version 1; with `effects` also what one action means."""
    document = {
        "version": 1,
        "object": found.subject,
        "kind": found.kind,
        "file": found.file,
        "line": found.line,
        "dependents": [dependent._asdict() for dependent in found.dependents],
        "statements": [mention._asdict() for mention in found.statements],
        "dynamic": list(found.dynamic),
        "drop": list(found.drop),
        "recreate": list(found.recreate),
    }
    if effects is not None:
        document |= _effects(effects)
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _effects(effects: Effects) -> dict[str, object]:
    items = []
    for item in effects.dependents:
        file, _, line = effects.locate(item.path, item.at).rpartition(":")
        items.append(
            {
                "kind": item.kind,
                "object": item.identity,
                "how": item.how.value,
                "on": item.on,
                "certain": item.certain,
                "file": file,
                "line": int(line),
            }
        )
    return {"action": effects.action.value, "effects": items, "script": effects.script._asdict()}


_TITLES = {
    How.BLOCKS: "PostgreSQL refuses because of",
    How.BREAKS: "fails when it runs",
    How.GOES_TOO: "goes along",
    How.FOLLOWS: "follows by itself",
}


def render_effects(effects: Effects) -> str:
    """Return what an action means, grouped by how it ends for each dependent."""
    lines = [f"{effects.action.value} {effects.subject}  {effects.place}"]
    if not effects.dependents:
        lines.append("\nnothing in the tree depends on it")
    for how, title in _TITLES.items():
        group = [item for item in effects.dependents if item.how is how]
        if group:
            may = how is How.BREAKS and effects.action is Action.RETYPE
            lines += ["", f"{'may fail when it runs' if may else title}: {len(group)}"]
        for item in group:
            doubt = "" if item.certain else "  (which columns it uses is not known)"
            lines.append(f"  {item.identity}  {effects.locate(item.path, item.at)}{doubt}")
    if effects.script.drop:
        lines += ["", "`--script` prints what to drop, and how to create it again"]
    return "\n".join(lines) + "\n"


def render_text(found: Impact) -> str:
    """Return dependents grouped by kind, direct ones first, then what to drop and create again."""
    lines = [f"{found.subject}  {found.file}:{found.line}"]
    sure = [d for d in found.dependents if d.certain]
    unsure = [d for d in found.dependents if not d.certain]
    if not found.dependents and not found.statements and not found.dynamic:
        lines.append("\nnothing in the tree depends on it")
    for title, group in (
        ("refused by DROP", [d for d in sure if d.tracked]),
        ("fails when it runs", [d for d in sure if not d.tracked]),
        ("may use it (which columns it uses is not known)", unsure),
    ):
        if group:
            lines += ["", f"{title}: {len(group)}", *_grouped(group)]
    if found.statements:
        lines += ["", f"statements that name it: {len(found.statements)}"]
        lines += [f"  {m.statement:10}  {m.file}:{m.line}" for m in found.statements]
    if found.dynamic:
        lines += ["", "dynamic SQL with its name in it:", *(f"  {name}" for name in found.dynamic)]
    lines += ["", "to drop it:", *(f"  {statement}" for statement in found.drop)]
    if found.recreate:
        places = {d.id: f"{d.file}:{d.line}" for d in found.dependents}
        lines += ["", "to create again afterwards:"]
        lines += [f"  {name}  {places.get(name, '')}" for name in found.recreate]
    return "\n".join(lines) + "\n"


def _grouped(group: list[Dependent]) -> list[str]:
    lines = []
    for kind in dict.fromkeys(d.kind for d in sorted(group, key=lambda d: (len(d.path), d.kind))):
        lines.append(f"  {kind.replace('_', ' ')}")
        for item in (d for d in group if d.kind == kind):
            lines.append(f"    {_short(item.id)}  {item.use}  {item.file}:{item.line}")
            if len(item.path) > 2:
                lines.append("      through " + " → ".join(map(_short, item.path[1:-1])))
    return lines


def _short(identifier: str) -> str:
    return identifier.partition(":")[2]
