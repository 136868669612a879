"""What changed: two readings of the catalog (`plan.base.catalog_lines`), compared. Pure."""

from collections.abc import Iterable, Sequence

from confiture_migrator.wizard.values import Change

_KEYS = {"schema": 2, "relation": 3, "column": 4, "constraint": 4, "policy": 4, "function": 4, "type": 3}
"""Kind of object to how many fields of its line name it; an index or trigger is named within its definition."""
_RELATIONS = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "S": "sequence",
    "f": "foreign table",
    "c": "composite type",
}


def changes_between(before: Sequence[str], after: Sequence[str]) -> tuple[Change, ...]:
    """Added, dropped and changed objects, by kind and name. What belongs to a new table goes without saying."""
    then, now = _named(before), _named(after)
    found = [Change("dropped", what) for key, (what, _) in then.items() if key not in now]
    found += [Change("added", what) for key, (what, _) in now.items() if key not in then]
    found += [
        Change("changed", what) for key, (what, line) in now.items() if key in then and then[key][1] != line
    ]
    new = {key for key in now if key[0] == "relation" and key not in then}
    gone = {key for key in then if key[0] == "relation" and key not in now}
    whole = _relations(new), _relations(gone)
    return tuple(sorted(each for each in found if not _implied(each, *whole)))


def _named(lines: Iterable[str]) -> dict[tuple[str, ...], tuple[str, str]]:
    """Identity → (what a person calls it, its line)."""
    named: dict[tuple[str, ...], tuple[str, str]] = {}
    for line in lines:
        fields = line.split("|")
        kind = fields[0]
        if kind in ("index", "trigger"):
            name = _defined_name(fields[3])
            named[(kind, fields[1], fields[2], name)] = (f"{kind} {name} on {fields[1]}.{fields[2]}", line)
            continue
        key = tuple(fields[: _KEYS.get(kind, len(fields))])
        shown = _RELATIONS.get(fields[3], kind) if kind == "relation" else kind
        parts = ".".join(key[1:3]) + f"({key[3]})" if kind == "function" else ".".join(key[1:])
        named[key] = (f"{shown} {parts}", line)
    return named


def _defined_name(definition: str) -> str:
    """`ix` of `CREATE UNIQUE INDEX ix ON …` and `tg` of `CREATE TRIGGER tg AFTER …`; a quoted name keeps its quotes."""
    for word in (" INDEX ", " TRIGGER "):
        _, found, rest = definition.partition(word)
        if found:
            if rest.startswith('"'):
                return rest[: _closing(rest) + 1]
            return rest.partition(" ")[0]
    return definition


def _closing(text: str) -> int:
    """Where the quote ends that `text` begins with; a doubled one is part of the name."""
    place = 1
    while place < len(text):
        if text[place] == '"':
            if text[place + 1 : place + 2] != '"':
                return place
            place += 1
        place += 1
    return len(text) - 1


def _relations(keys: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(f"{key[1]}.{key[2]}" for key in keys)


def _implied(change: Change, new: frozenset[str], gone: frozenset[str]) -> bool:
    """Whether a column, constraint or index only came or went with its table."""
    kind, _, rest = change.what.partition(" ")
    owners = {"added": new, "dropped": gone}.get(change.verb, frozenset())
    if kind in ("index", "trigger"):
        return rest.rpartition(" on ")[2] in owners
    return kind in ("column", "constraint", "policy") and any(
        rest.startswith(f"{owner}.") for owner in owners
    )
