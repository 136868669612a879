"""`order`: JSON, and what is wrong in words."""

import json

from confiture_linter.graph.build_order import BuildOrder


def render_json(found: BuildOrder) -> str:
    """Return the document, version 1."""
    document = {
        "version": 1,
        "works": found.works,
        "computed": found.computed,
        "order": list(found.files),
        "forward": [item._asdict() for item in found.forward],
        "moves": [move._asdict() for move in found.moves],
        "proposed": list(found.proposed),
        "breaks": [item._asdict() for item in found.breaks],
        "cycles": [list(cycle) for cycle in found.cycles],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def render_problems(found: BuildOrder) -> str:
    """Return what does not work and the smallest change that makes it work; empty if all is well."""
    lines = [
        f"{item.file}:{item.line}: needs {item.needs}, created later at {item.target}:{item.target_line}"
        for item in found.forward
    ]
    lines += [f"files that need one another: {', '.join(cycle)}" for cycle in found.cycles]
    lines += [
        f"{item.file}:{item.line}: no order satisfies this need of {item.needs} ({item.target}:{item.target_line}); "
        "break it here: add it later in a file of its own, with ALTER TABLE or CREATE OR REPLACE"
        for item in found.breaks
    ]
    if found.moves:
        count = len(found.moves)
        lines.append(f"the order works after {count} {'move' if count == 1 else 'moves'}:")
        for move in found.moves:
            where = f"behind {move.after}" if move.after else "to the beginning"
            lines.append(f"  move {move.file} {where}: {move.reason}")
    return "".join(f"{line}\n" for line in lines)
