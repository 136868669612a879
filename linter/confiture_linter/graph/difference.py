"""What differs between the catalogs of two trees, and who is touched by it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from confiture_linter.catalog.entities import Named
from confiture_linter.graph.definition import Aspects
from confiture_linter.graph.find import Subject
from confiture_linter.graph.impact import Dependent, impact
from confiture_linter.graph.nodes import kind_of
from confiture_linter.graph.values import Graph


class Side(NamedTuple):
    """One of the two."""

    graph: Graph
    definitions: Mapping[str, tuple[Named, Aspects]]
    place: Callable[[Named], tuple[str, int]]


class Detail(NamedTuple):
    """One aspect of an object that is not what it was; empty: it was not, or is not, there."""

    aspect: str
    before: str
    after: str

    @property
    def what(self) -> str:
        """`added`, `dropped` or `changed`."""
        return "added" if not self.before else "dropped" if not self.after else "changed"


class Touched(NamedTuple):
    """One object that needs what was dropped or changed."""

    id: str
    kind: str
    file: str
    line: int
    use: str
    certain: bool
    """False where it cannot be told whether it uses the column."""
    refused: bool
    """Whether PostgreSQL refuses the change because of it; False: it fails only when it runs."""
    then: str
    """What became of it: `stays` as it is, `changed`, or `dropped`."""


class Difference(NamedTuple):
    """One object that is not what it was."""

    id: str
    kind: str
    what: str
    """`added`, `dropped` or `changed`."""
    file: str
    line: int
    """Where it is defined; of what was dropped, where it was."""
    details: tuple[Detail, ...]
    impact: tuple[Touched, ...]


def differences(before: Side, after: Side) -> tuple[Difference, ...]:
    """Everything that was added, dropped or changed, in this order, each sorted by id."""
    old, new = before.definitions, after.definitions
    details = {key: found for key in old if key in new and (found := _details(old[key][1], new[key][1]))}
    became = {key: "dropped" for key in old if key not in new} | dict.fromkeys(details, "changed")
    added = [_of(key, "added", after, (), ()) for key in sorted(set(new) - set(old))]
    dropped = [
        _of(key, "dropped", before, (), _touched(before, key, "", became))
        for key in sorted(set(old) - set(new))
    ]
    changed = [
        _of(key, "changed", after, details[key], _of_change(before, key, details[key], became))
        for key in sorted(details)
    ]
    return (*added, *dropped, *changed)


def _of(
    key: str, what: str, side: Side, details: tuple[Detail, ...], touched: tuple[Touched, ...]
) -> Difference:
    entity = side.definitions[key][0]
    file, line = side.place(entity)
    return Difference(key, kind_of(entity), what, file, line, details, touched)


def _details(before: Aspects, after: Aspects) -> tuple[Detail, ...]:
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Detail(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    )


_WHOLE = frozenset({"query", "definition", "labels", "partition of", "inherits"})
"""Aspects whose change may concern everybody who needs the object; that of a body concerns nobody who calls it."""


def _of_change(
    before: Side, key: str, details: tuple[Detail, ...], became: Mapping[str, str]
) -> tuple[Touched, ...]:
    """Who needs the columns that were dropped or retyped, or the object itself where it changed as a whole."""
    if any(detail.aspect in _WHOLE for detail in details):
        return _touched(before, key, "", became)
    found: dict[str, Touched] = {}
    for detail in details:
        kind, _, name = detail.aspect.partition(" ")
        if kind in ("column", "attribute") and detail.what != "added":
            column = name if kind == "column" else ""
            found.update((each.id, each) for each in _touched(before, key, column, became))
    return tuple(found.values())


def _touched(side: Side, key: str, column: str, became: Mapping[str, str]) -> tuple[Touched, ...]:
    node = next((node for node in side.graph.nodes if node.id == key), None)
    if node is None:
        return ()
    owners = {each.id: each.owner for each in side.graph.nodes}
    found: list[Touched] = []
    for dependent in impact(side.graph, Subject(node, column)).dependents:
        owner = owners.get(dependent.id) or dependent.id
        if owner != key:
            found.append(_touch(dependent, became.get(owner, became.get(dependent.id, "stays"))))
    return tuple(found)


def _touch(dependent: Dependent, then: str) -> Touched:
    return Touched(
        dependent.id,
        dependent.kind,
        dependent.file,
        dependent.line,
        dependent.use,
        dependent.certain,
        dependent.tracked,
        then,
    )


def as_document(found: tuple[Difference, ...], ends: tuple[dict[str, str], dict[str, str]]) -> dict[str, Any]:
    """The document, version 1; `ends` say what was compared."""

    def one(each: Difference) -> dict[str, Any]:
        body: dict[str, Any] = {"id": each.id, "kind": each.kind, "file": each.file, "line": each.line}
        if each.what == "changed":
            body["details"] = [
                {
                    "what": detail.what,
                    "aspect": detail.aspect,
                    "before": detail.before or None,
                    "after": detail.after or None,
                }
                for detail in each.details
            ]
        if each.what != "added":
            body["impact"] = [touched._asdict() for touched in each.impact]
        return body

    return {
        "version": 1,
        "from": ends[0],
        "to": ends[1],
        **{
            what: [one(each) for each in found if each.what == what]
            for what in ("added", "dropped", "changed")
        },
    }


__all__ = ["Detail", "Difference", "Side", "Touched", "as_document", "differences"]
