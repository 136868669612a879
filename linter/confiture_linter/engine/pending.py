"""Which change scripts are judged, and what was there before them."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.effects import Migration
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.revision import changed_since
from confiture_linter.model import ConfigError, Problem
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement

_VERSION = re.compile(r"[VUR]?(\d[\d._-]*\d|\d)", re.IGNORECASE)


class Pending(NamedTuple):
    """The change scripts of a run, in the order in which they are applied."""

    earlier: tuple[str, ...]
    """Scripts that have been applied: they make the database that the others find."""
    judged: tuple[str, ...]
    """Scripts that are judged."""
    together: bool
    """Whether they are deployed together; if not, each is a deployment of its own."""


def pending_of(config: Config, ordered: Sequence[str], since: str | None) -> Pending:
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


def version_of(path: str) -> str:
    """The version in the name of a change script, or of its folder; the name itself where it has none."""
    folder, _, name = path.rpartition("/")
    if name.lower() in ("up.sql", "migration.sql") and folder:
        name = folder.rpartition("/")[2]
    found = _VERSION.match(name)
    return found[1] if found else name.partition(".")[0]


def _plain(version: str) -> str:
    """A version for comparison: without leading zeros and separators at its end."""
    return version.strip("._-").lstrip("0") or "0"


def migration_of(config: Config, facts: FileFacts, directive: bool | None) -> Migration:
    """A change script, and whether its tool runs it in one transaction.

    `directive` is what the file itself, or the tool's rule for it, says.
    """
    wrapped, said = directive, directive is not None
    if wrapped is None and ("migrations", "transaction") in config.positions:
        wrapped, said = config.migrations.transaction == "file", True
    if wrapped is None:
        wrapped = not any(map(_needs_no_wrapper, facts.statements))
    return Migration(facts.path, version_of(facts.path), wrapped, said, facts.statements)


def _needs_no_wrapper(statement: Statement) -> bool:
    """Whether whoever wrote it expects to be outside a transaction: it opens its own, or can run in none."""
    fact = statement.fact
    if isinstance(fact, f.Transaction):
        return fact.kind in ("begin", "start", "commit")
    if isinstance(fact, f.Maintain):
        return fact.command == "vacuum" or (fact.command == "reindex" and fact.concurrently)
    return isinstance(fact, f.CreateIndex | f.Drop) and fact.concurrently


class Targets(NamedTuple):
    """Names of relations that scripts make, and that they change."""

    made: frozenset[str]
    changed: tuple[str, ...]


def targets(facts: Sequence[FileFacts]) -> Targets:
    """What scripts make and change, by name alone."""
    made: set[str] = set()
    changed: list[str] = []
    for file in facts:
        for statement in file.statements:
            fact = statement.fact
            if isinstance(fact, f.CreateTable | f.CreateView):
                if not fact.if_not_exists:
                    made.add(fact.name)
            elif isinstance(fact, f.Rename) and fact.kind in ("table", "view"):
                changed.append(fact.target.parts[-1])
                made.add(fact.new)
            elif isinstance(fact, f.AlterTable) and fact.kind in ("table", "view"):
                changed.append(fact.name)
            elif isinstance(fact, f.CreateIndex | f.CreateTrigger | f.CreatePolicy):
                changed.append(fact.table)
            elif isinstance(fact, f.Drop):
                changed += [
                    target.parts[-1]
                    for target in fact.targets
                    if target.kind in ("table", "view", "materialized view") and not fact.if_exists
                ]
    return Targets(frozenset(made), tuple(changed))


def from_elsewhere(scripts: Sequence[FileFacts]) -> frozenset[str]:
    """Names of relations that scripts change and none of them makes."""
    found = targets(scripts)
    return frozenset(name for name in found.changed if name not in found.made)


def stands_alone(scripts: Sequence[FileFacts], tree: Sequence[FileFacts]) -> bool:
    """Whether scripts build the schema from nothing: they change no relation that only the tree makes."""
    facts = (statement.fact for file in tree for statement in file.statements)
    made = {fact.name for fact in facts if isinstance(fact, f.CreateTable | f.CreateView)}
    return bool(targets(scripts).made) and from_elsewhere(scripts).isdisjoint(made)


def change_scripts(by_path: Mapping[str, FileFacts]) -> tuple[str, ...]:
    """Files that change what no file makes: scripts for a schema that is elsewhere, given without it."""
    everything = targets(list(by_path.values())).made
    found = []
    for path, facts in by_path.items():
        own = targets([facts])
        strange = [name for name in own.changed if name not in everything]
        if strange and len(strange) >= len(own.made):
            found.append(path)
    return tuple(found)
