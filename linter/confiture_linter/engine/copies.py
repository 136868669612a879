"""What a repository without configuration holds beside the schema: a second copy of it, and what takes it down.

A dump beside its migrations, an older version, a mirror: replayed together they would contradict one another in
every object. The largest is taken for the schema, and a tree of definitions goes before a history of changes; the
others are set aside, and that is said.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.model import Span, Unanalysed
from confiture_linter.statements.facts import (
    AlterTable,
    CreateFunction,
    CreateTable,
    CreateType,
    CreateView,
    Drop,
    SetVariable,
    Transaction,
)

LARGE_FILE_OBJECTS = 10
"""A file that defines so many objects may be a whole schema by itself."""

TEAR_DOWN_DROPS = 20
"""A file that does nothing but drop so many objects, or half of the tree, takes the schema down; fewer are a change."""

FEWEST_DROPS = 3
"""A file that drops fewer is a change, however small the tree is, unless its name says otherwise."""

SHARED_OBJECTS = 5
"""Fewer objects in common are duplicates to report, not a second schema."""

_NUMBERED = re.compile(r"(?:^|/)[VvRr]?\d+[^/]*(?:/[^/]*)?\Z")
"""A number in front of the file's name, or its folder's."""
_TAKES_DOWN = re.compile(r"(?i)(?:drop|down|clean|destroy|reset|uninstall|remove|delete)[^/]*\Z")

_VERSION = re.compile(r"v?\d+(?:[._-]\d+)*", re.IGNORECASE)

_Key = tuple[str, str, int]
"""Kind, name, and number of arguments."""
_Objects = dict[_Key, set[str]]
"""What is defined, and the schemas it is defined in; empty where none is written."""


class _Group(NamedTuple):
    """Files that stand or fall together."""

    name: str
    history: bool
    """Whether they are numbered changes."""
    files: list[str]
    objects: _Objects
    series: str = ""
    """Where its folder, or its file, is one of several that are called by a version: the folder of those."""


def second_schemas(
    names: Sequence[str],
    facts: Mapping[str, FileFacts],
    versioned: Callable[[str], bool],
    *,
    changes_first: bool,
) -> tuple[frozenset[str], list[Unanalysed]]:
    """Files that are no part of the schema, and what to say about them.

    `versioned` tells by its path whether a file looks like a numbered change; `changes_first` says that most
    files are, so that they are the schema.
    """
    everything = sum(len(_defined(facts[name])) for name in names)
    many = min(TEAR_DOWN_DROPS, max(everything // 2, 1))
    copies = {
        name
        for name in names
        if not versioned(name)
        and not (changes_first and _NUMBERED.search(name))
        and _drops(facts[name]) >= (many if _TAKES_DOWN.search(name) else max(many, FEWEST_DROPS))
    }
    said = [Unanalysed(name, Span(0, 0), "the file only drops objects: set aside") for name in sorted(copies)]
    groups: dict[str, _Group] = {}
    for name in names:
        if name in copies:
            continue
        defined = _defined(facts[name], anew=not _NUMBERED.search(name))
        folder = name.rpartition("/")[0]
        history = versioned(name)
        whole = not history and len(defined) >= LARGE_FILE_OBJECTS
        key = name if whole else f"{folder}\0history" if history else folder
        series = _series(name, folder)
        group = groups.setdefault(key, _Group(name if whole else folder, history, [], {}, series))
        group.files.append(name)
        for what, schemas in defined.items():
            group.objects.setdefault(what, set()).update(schemas)
    kept: list[_Group] = []
    for group in sorted(
        groups.values(), key=lambda g: (g.history is not changes_first, -len(g.objects), g.name)
    ):
        original = next((other for other in kept if _repeats(group, other)), None)
        if original is None:
            kept.append(group)
            continue
        copies.update(group.files)
        here, there = group.name or "this folder", original.name or "the top folder"
        said.append(
            Unanalysed(min(group.files), Span(0, 0), f"{here} defines again what {there} defines: set aside")
        )
    return frozenset(copies), said


def _series(name: str, folder: str) -> str:
    """The folder of the versions that a file belongs to; empty if neither it nor its folder is called by one."""
    if _VERSION.fullmatch(name.rpartition("/")[2].partition(".")[0]):
        return folder or "."
    above, _, last = folder.rpartition("/")
    return (above or ".") if _VERSION.fullmatch(last) else ""


def _repeats(group: _Group, other: _Group) -> bool:
    """Half of its objects in common make a copy; a history and a tree of the same schema share less."""
    if group.series and group.series == other.series:
        return False  # a later version changes what an earlier one made
    shared = sum(
        _may_be_one(group.objects[what], other.objects[what])
        for what in group.objects.keys() & other.objects.keys()
    )
    share = 6 if group.history is not other.history else 2
    return shared >= SHARED_OBJECTS and shared * share >= len(group.objects)


def _may_be_one(here: set[str], there: set[str]) -> bool:
    """Whether objects of one name may be the same: in one schema, or in one that is not written."""
    return "" in here or "" in there or not here.isdisjoint(there)


def _drops(facts: FileFacts) -> int:
    """How many objects a file drops that does nothing else; 0 if it does."""
    drops = 0
    for statement in facts.statements:
        fact = statement.fact
        if isinstance(fact, Drop):
            drops += len(fact.targets)
        elif isinstance(fact, AlterTable):
            if not all(command.kind.startswith("Drop") for command in fact.commands):
                return 0
            drops += 1
        elif not isinstance(fact, Transaction | SetVariable):
            return 0
    return drops


def _defined(facts: FileFacts, *, anew: bool = True) -> _Objects:
    """What a file defines; without `anew` not what it drops before, as a change does that makes things again."""
    defined: _Objects = {}
    dropped: set[str] = set()
    for statement in facts.statements:
        fact = statement.fact
        if isinstance(fact, Drop):
            dropped.update(target.parts[-1] for target in fact.targets)
        elif (
            isinstance(fact, CreateTable | CreateView | CreateFunction | CreateType)
            and (anew or fact.name not in dropped)
            and (what := _key(fact)) is not None
        ):
            defined.setdefault(what, set()).add(fact.schema)
    return defined


def _key(fact: CreateTable | CreateView | CreateFunction | CreateType) -> _Key | None:
    """What a statement makes; None where that is no part of a schema."""
    if isinstance(fact, CreateFunction):
        return "function", fact.name, len(fact.arguments)
    if isinstance(fact, CreateType):
        return "type", fact.name, 0
    if isinstance(fact, CreateTable) and fact.persistence == "t":
        return None
    return "relation", fact.name, 0
