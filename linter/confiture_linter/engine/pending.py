"""Which change scripts are judged, and what was there before them."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.effects import Migration
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.revision import changed_since
from confiture_linter.model import ConfigError, Problem, Span
from confiture_linter.sources.migration import MigrationInfo
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement


class Pending(NamedTuple):
    """The change scripts of a run, in the order in which they are applied."""

    earlier: tuple[str, ...]
    """Scripts that have been applied: they make the database that the others find."""
    judged: tuple[str, ...]
    """Scripts that are judged."""
    together: bool
    """Whether they are deployed together; if not, each is a deployment of its own."""


def pending_of(
    config: Config, ordered: Sequence[str], since: str | None, version_of: Callable[[str], str]
) -> Pending:
    """Part the change scripts in those that were applied and those that are judged.

    `since` is a version, which was applied, or `git:REF`: what changed after its merge base with HEAD is judged.
    Without it all are, one by one.
    """
    if since is None:
        return Pending((), tuple(ordered), together=False)
    if since.startswith("git:"):
        root = config.root or "."
        changed = {os.path.relpath(path, root).replace(os.sep, "/") for path in changed_since(since, root)}
        judged = tuple(path for path in ordered if path in changed)
        return Pending(tuple(path for path in ordered if path not in changed), judged, together=True)
    versions = [version_of(path) for path in ordered]
    wanted = _plain(since)
    places = [index for index, version in enumerate(versions) if _plain(version) == wanted]
    if not places:
        line, column = config.positions.get(("migrations", "since"), (0, 0))
        raise ConfigError(
            (
                Problem(
                    config.path if line else "",
                    line,
                    column,
                    f"since: no migration has version {since}",
                    f"the last one is {versions[-1]}" if versions else "there are no migrations",
                ),
            )
        )
    after = places[-1] + 1
    return Pending(tuple(ordered[:after]), tuple(ordered[after:]), together=True)


def _plain(version: str) -> str:
    """A version for comparison: without leading zeros and separators at its end."""
    return version.strip("._-").lstrip("0") or "0"


_RELEASE = re.compile(
    r"(?:.*/)?(?:deltas?|migrat\w*|versions?|updates?|upgrades?|patches|releases?|postgres(?:ql)?)/\d+(?:\.\d+)*\Z"
)
_OWN_VERSION = re.compile(r"\d{6,}|V\d|\d{4}-\d\d|(?:up|down|migration)\.sql\Z")


def release_of(path: str) -> str:
    """The folder of a version, where its files have no versions of their own: they are deployed together."""
    folder, _, name = path.rpartition("/")
    return folder if _RELEASE.match(folder) and not _OWN_VERSION.match(name) else ""


def migration_of(config: Config, facts: FileFacts, info: MigrationInfo) -> Migration:
    """A change script, and whether its tool runs it in one transaction.

    What the file itself says beats the configuration, and that beats what its tool usually does.
    """
    wrapped, said = info.transaction, info.transaction is not None
    release = release_of(facts.path)
    if wrapped is not False and _ends_outer(facts.statements):
        return Migration(facts.path, info.version, True, said, facts.statements, info.tool, release)
    if ("migrations", "transaction") in config.positions and not (said and _in_file(info)):
        wrapped, said = config.migrations.transaction == "file", True
    elif wrapped and info.tool != "alembic" and _only_outside(facts.statements):
        wrapped, said = None, False
    if wrapped is None:
        wrapped = not any(map(_needs_no_wrapper, facts.statements))
    return Migration(facts.path, info.version, wrapped, said, facts.statements, info.tool, release)


def _in_file(info: MigrationInfo) -> bool:
    """Whether it is a directive for this very file: only one that takes the transaction away is ever written."""
    return info.transaction is False


def _ends_outer(statements: Sequence[Statement]) -> bool:
    """Whether a script commits what it has not begun: there is a transaction around it, and it knows."""
    kinds = (s.fact.kind for s in statements if isinstance(s.fact, f.Transaction))
    return next(kinds, "") == "commit"


def _only_outside(statements: Sequence[Statement]) -> bool:
    """Whether a script does nothing but what no transaction takes.

    It would fail at its first run if its tool wrapped it: the tool was told not to, in a place that is not seen here.
    """
    doing = [statement for statement in statements if not isinstance(statement.fact, f.SetVariable)]
    return bool(doing) and all(map(_needs_no_wrapper, doing))


def _needs_no_wrapper(statement: Statement) -> bool:
    """Whether whoever wrote it expects to be outside a transaction: it opens its own, or can run in none."""
    fact = statement.fact
    if isinstance(fact, f.Transaction):
        return fact.kind in ("begin", "start", "commit")
    if isinstance(fact, f.Maintain):
        return fact.command == "vacuum" or (fact.command == "reindex" and fact.concurrently)
    if isinstance(fact, f.CreateOther):
        return fact.kind in ("database", "tablespace")
    if isinstance(fact, f.AlterTable):
        return any(c.kind.startswith("Detach") and c.behaviour == "concurrently" for c in fact.commands)
    return isinstance(fact, f.CreateIndex | f.Drop) and fact.concurrently


class Targets(NamedTuple):
    """Names of relations that scripts make, and of those that they change before any of them makes them."""

    made: frozenset[str]
    strange: frozenset[str]
    mentioned: frozenset[str]
    """All that they name before they make it: read, referenced, inherited from."""


def targets(scripts: Sequence[FileFacts]) -> Targets:
    """What scripts make and what they expect to be there, by name alone; in the order in which they run."""
    made: set[str] = set()
    strange: set[str] = set()
    mentioned: set[str] = set()
    for script in scripts:
        for statement in script.statements:
            fact = statement.fact
            strange.update(name for name in _changed(fact) if name not in made)
            mentioned.update(r.name for r in statement.refs if r.kind == "relation" and r.name not in made)
            if isinstance(fact, f.CreateTable | f.CreateView):
                if not fact.if_not_exists:
                    made.add(fact.name)
            elif isinstance(fact, f.Rename) and not fact.part:
                made.add(fact.new)
    return Targets(frozenset(made), frozenset(strange), frozenset(mentioned))


def _changed(fact: f.Fact) -> list[str]:
    """Names of relations that a statement expects to be there."""
    if isinstance(fact, f.Rename) and (fact.relation_kind or fact.kind) in _RELATIONS:
        return [fact.target.parts[-1]] if fact.target.parts and not fact.if_exists else []
    if isinstance(fact, f.AlterTable) and fact.kind in ("table", "view") and not fact.if_exists:
        return [fact.name]
    if isinstance(fact, f.CreateIndex | f.CreateTrigger | f.CreatePolicy):
        return [fact.table]
    if isinstance(fact, f.CreateView) and fact.replace:
        return []
    if isinstance(fact, f.Drop) and not fact.if_exists:
        return [target.parts[-1] for target in fact.targets if target.kind in _RELATIONS and target.parts]
    return []


_RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})


ENOUGH = 3
"""So many relations that scripts change without having made them are no mistake: their base is elsewhere."""


def never_made(scripts: Sequence[FileFacts]) -> dict[str, tuple[str, Span]]:
    """Relations that scripts change and that none of them ever makes, by name alone, with the first place."""
    made: set[str] = set()
    wanted: dict[str, tuple[str, Span]] = {}
    for script in scripts:
        for statement in script.statements:
            fact = statement.fact
            for name in _changed(fact):
                wanted.setdefault(name, (script.path, Span(statement.start, statement.end)))
            body = getattr(fact, "body", None)
            for inner in (statement, *(body.statements if body is not None else ())):
                if isinstance(inner.fact, f.CreateTable | f.CreateView):
                    made.add(inner.fact.name)
                elif isinstance(inner.fact, f.Rename) and not inner.fact.part:
                    made.add(inner.fact.new)
    return {name: place for name, place in wanted.items() if name not in made}


def from_elsewhere(scripts: Sequence[FileFacts]) -> frozenset[str]:
    """Names of relations that scripts change and that none of them has made by then."""
    return targets(scripts).strange


def stands_alone(scripts: Sequence[FileFacts], tree: Sequence[FileFacts]) -> bool:
    """Whether scripts build the schema from nothing: they expect no relation that only the tree makes."""
    facts = (statement.fact for file in tree for statement in file.statements)
    there = {fact.name for fact in facts if isinstance(fact, f.CreateTable | f.CreateView)}
    found = targets(scripts)
    return bool(found.made) and there.isdisjoint(found.strange | found.mentioned)


def change_scripts(by_path: Mapping[str, FileFacts]) -> tuple[str, ...]:
    """Files that change what no file makes: scripts for a schema that is elsewhere, given without it."""
    everything = targets(list(by_path.values())).made
    found = []
    for path, facts in by_path.items():
        own = targets([facts])
        strange = own.strange - everything
        if strange and len(strange) >= len(own.made):
            found.append(path)
    return tuple(found)
