"""`diff`: text for people, JSON for programs."""

import json

from confiture_linter.graph.difference import Detail, Difference, Touched, as_document

WIDEST = 100
"""Longer definitions are cut in text; JSON has them whole."""
MOST = 12
"""How many dependents of one object are listed in text."""


def render_json(found: tuple[Difference, ...], ends: tuple[dict[str, str], dict[str, str]]) -> str:
    """Return the document, version 1."""
    return json.dumps(as_document(found, ends), indent=1, ensure_ascii=False) + "\n"


def render_text(found: tuple[Difference, ...], ends: tuple[dict[str, str], dict[str, str]]) -> str:
    """Return one block an object: what became of it, how, and who needs it."""
    counts = [(what, sum(each.what == what for each in found)) for what in ("added", "dropped", "changed")]
    told = ", ".join(f"{number} {what}" for what, number in counts) if found else "nothing differs"
    lines = [f"{ends[0]['reference']}..{ends[1]['reference']}: {told}"]
    for each in found:
        name = f"{each.kind.replace('_', ' ')} {each.id.partition(':')[2]}"
        lines += ["", f"{each.what:7}  {name}  {each.file}:{each.line}"]
        lines += [f"    {_detail(detail)}" for detail in each.details]
        lines += _impact(each)
    return "\n".join(lines) + "\n"


def _detail(detail: Detail) -> str:
    if detail.what == "added":
        return f"+ {detail.aspect}: {_cut(detail.after)}"
    if detail.what == "dropped":
        return f"- {detail.aspect}: {_cut(detail.before)}"
    if len(detail.before) + len(detail.after) > WIDEST:
        return f"~ {detail.aspect}"
    return f"~ {detail.aspect}: {detail.before} → {detail.after}"


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _impact(each: Difference) -> list[str]:
    """What stays as it is comes first: that is what breaks."""
    order = {"stays": 0, "changed": 1, "dropped": 2}
    touched = sorted(each.impact, key=lambda item: (order[item.then], not item.certain, item.id))
    lines = [f"    {_touched(item)}" for item in touched[:MOST]]
    if len(touched) > MOST:
        lines.append(f"    and {len(touched) - MOST} more")
    return lines


def _touched(item: Touched) -> str:
    if item.then == "stays":
        how = "may concern" if not item.certain else "refused because of" if item.refused else "fails in"
    else:
        how = f"{item.then}, too:"
    return f"! {how} {item.kind.replace('_', ' ')} {item.id.partition(':')[2]}  {item.file}:{item.line}"
