"""`lineage`: text for people, JSON for programs."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from confiture_linter.graph.lineage_values import Derivation, Step


def schema_text() -> str:
    """The JSON Schema of version 1."""
    return files(__package__).joinpath("schema", "lineage-1.json").read_text("utf-8")


def render_json(relation: str, steps: Sequence[Step]) -> str:
    """Return the document, version 1."""
    document = {"version": 1, "relation": relation, "columns": [_document(step) for step in steps]}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


@cache
def _document(step: Step) -> dict[str, object]:
    return {
        **step._asdict(),
        "how": step.how.value,
        "opaque": list(step.opaque),
        "sources": [_document(source) for source in step.sources],
    }


def render_text(steps: Sequence[Step]) -> str:
    """Return one tree a column, sources indented below what is made of them."""
    return "".join(f"{line}\n" for step in steps for line in _lines(step, 0))


def _lines(step: Step, depth: int) -> Iterator[str]:
    words = [f"{_named(step)}  {step.how.value}"]
    if step.how is Derivation.UNKNOWN:
        words[0] += f": {step.reason}"
    elif step.expression:
        words.append(step.expression)
    if step.opaque:
        words.append("calls " + ", ".join(name.partition(":")[2] for name in step.opaque))
    yield "  " * depth + "  ".join([*words, f"{step.file}:{step.line}"])
    for source in step.sources:
        yield from _lines(source, depth + 1)


def _named(step: Step) -> str:
    kind, _, name = step.relation.partition(":")
    if kind in ("with", "query"):
        return f"({kind} {name}).{step.column}"
    if kind in ("function", "procedure"):
        return f"filled by {name}"
    if not name:
        return "filled by a statement" if step.sources else step.column or "?"
    return f"{name}.{step.column}"
