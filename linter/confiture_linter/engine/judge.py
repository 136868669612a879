"""Judges the statements of a change set, each against the catalog as it is just before it.

The replay calls `before` for every statement; what the judge keeps of it are findings and steps.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from confiture_linter.catalog import Catalog, Index, SourceStatement
from confiture_linter.effects import Change, ChangeSet, Effects, LockMode, Migration, Step
from confiture_linter.effects.model import effects_of
from confiture_linter.engine.context import Context
from confiture_linter.engine.dispatch import check_one
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.model import Finding
from confiture_linter.statements import Statement
from confiture_linter.statements import facts as f


class Judge:
    """Walks along with a replay and judges what belongs to the change set.

    `together` says whether all migrations are one change set, deployed at once, or each file is one of its own: in a
    history of years nothing that an earlier file made is new.
    """

    def __init__(
        self,
        migrations: Mapping[str, Migration],
        rules: Sequence[ActiveRule],
        context: Context,
        *,
        together: bool,
        complete: bool = True,
    ) -> None:
        self.migrations = migrations
        self.context = context
        context.catalog.rows_told = False
        self.together = together
        self.complete = complete
        self.found: list[tuple[ActiveRule, Finding]] = []
        self.change_sets: list[ChangeSet] = []
        self._steps: list[Step] = []
        """Of the change set that is being judged."""
        self._rules = [active for active in rules if active.rule.subject is Change]
        self._by_fact: dict[type, list[ActiveRule]] = {}
        self._migration: Migration | None = None
        self._of_set: list[Migration] = []
        self._index = 0
        self._created: dict[str, int] = {}
        self._transaction = _Transactions()

    # -- called by the replay ----------------------------------------------------------------------

    def before(self, where: SourceStatement, nested: bool) -> None:
        """Judge a statement that is about to be carried out, if it belongs to the change set."""
        migration = self.migrations.get(where.path)
        if migration is None:
            return
        if migration is not self._migration:
            self._begin(migration)
        if not nested:
            self._index = _behind(where.statement, migration.statements, self._index)
        self._judge(where, migration, nested=nested)
        self._transaction.after(where.statement.fact)

    def finish(self) -> None:
        """Close the last change set."""
        if self._of_set:
            self.change_sets.append(ChangeSet(tuple(self._steps), tuple(self._of_set), self.context.catalog))
        self._of_set = []
        self._steps = []
        self._created = {}

    # -- one file ----------------------------------------------------------------------------------

    def _begin(self, migration: Migration) -> None:
        before = self._of_set[-1] if self._of_set else None
        same = before is not None and migration.release and before.release == migration.release
        if not self.together and not same:
            self.finish()
        self._of_set.append(migration)
        self._migration = migration
        self._index = 0
        self._transaction.begin_file(
            wrapped=migration.wrapped is not False, sent_together=migration.tool in _SENT_TOGETHER
        )

    # -- one statement -----------------------------------------------------------------------------

    def _judge(self, where: SourceStatement, migration: Migration, *, nested: bool) -> None:
        catalog = self.context.catalog
        state = self._transaction
        effects = _of_tables(effects_of(where.statement, catalog, self.context.postgres, where.path), catalog)
        in_block = state.open or nested
        change = Change(
            where,
            effects,
            catalog,
            migration,
            postgres=self.context.postgres,
            complete=self.complete,
            earlier=self._steps,
            position=self._index,
            created=self._created,
            held=dict(state.held) if in_block else {},
            settings=dict(state.settings),
            transaction=state.number,
            in_block=in_block,
            nested=nested,
        )
        for active in self._rules_for(type(where.statement.fact)):
            self.found += [(active, finding) for finding in check_one(active, change, self.context)]
        existing = change.blocking
        self._steps.append(Step(where, effects, migration, state.number, in_block, existing))
        if in_block:
            state.hold(existing)
        self._note_created(where, catalog)

    def _rules_for(self, kind: type) -> list[ActiveRule]:
        known = self._by_fact.get(kind)
        if known is None:
            known = [a for a in self._rules if not a.rule.facts or kind in a.rule.facts]
            self._by_fact[kind] = known
        return known

    def _note_created(self, where: SourceStatement, catalog: Catalog) -> None:
        """Keep track of what the change set makes, under the names it gives it."""
        fact: Any = where.statement.fact
        created = self._created
        if isinstance(fact, f.CreateTable | f.CreateView | f.CreateSequence):
            schema = catalog.creation_schema(fact.schema)
            if not getattr(fact, "alter", False) and (schema, fact.name) not in catalog.relations:
                created[f"{schema}.{fact.name}"] = self._transaction.number
        elif isinstance(fact, f.AlterTable):
            self._note_columns(fact, catalog)
        elif isinstance(fact, f.Unparsed):
            self._note_unread(where)
        elif isinstance(fact, f.Rename) and fact.kind == "column":
            table = _identity(catalog, fact.target)
            self._move(f"{table}\0{fact.part}", f"{table}\0{fact.new}")
        elif isinstance(fact, f.Rename) and fact.kind in _RELATIONS:
            old = _identity(catalog, fact.target)
            new = f"{old.rpartition('.')[0]}.{fact.new}"
            self._move(old, new)
        elif isinstance(fact, f.SetSchema) and fact.target.kind in _RELATIONS:
            old = _identity(catalog, fact.target)
            self._move(old, f"{fact.schema}.{old.rpartition('.')[2]}")

    def _note_columns(self, fact: f.AlterTable, catalog: Catalog) -> None:
        found = catalog.relation(fact.schema, fact.name)
        table = found.identity if found is not None else f"{catalog.creation_schema(fact.schema)}.{fact.name}"
        for command in fact.commands:
            column = command.column if command.kind == "AddColumn" else None
            if column is None or (command.missing_ok and column.name in getattr(found, "columns", ())):
                continue
            self._created[f"{table}\0{column.name}"] = self._transaction.number

    def _note_unread(self, where: SourceStatement) -> None:
        """A CREATE TABLE that does not parse makes its table all the same, where it is meant to run."""
        text = self.context.text(where.path)[where.statement.start : where.statement.end]
        for found in re.finditer(_CREATE_TABLE, text):
            schema, name = ((part or b"").decode("utf-8", "replace") for part in found.groups())
            home = self.context.catalog.creation_schema(schema)
            self._created.setdefault(f"{home}.{name}", self._transaction.number)

    def _move(self, old: str, new: str) -> None:
        made = self._created.pop(old, None)
        self._created.pop(new, None)
        if made is not None:
            self._created[new] = made


_CREATE_TABLE = (
    rb"""(?i)\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:"?(\w+)"?\.)?"?(\w+)\b"""
)


def _behind(statement: Statement, statements: Sequence[Statement], begin: int) -> int:
    """Where the statements behind this one begin; those that a ROLLBACK takes back are passed over."""
    for index in range(begin, len(statements)):
        if statements[index] is statement:
            return index + 1
    return begin + 1


def _of_tables(effects: Effects, catalog: Catalog) -> Effects:
    """Effects without locks on indexes: whoever uses an index has locked its table, and waits there."""
    kept = tuple(pair for pair in effects.locks if not _is_index(catalog, pair[0]))
    return effects if len(kept) == len(effects.locks) else effects._replace(locks=kept)


def _is_index(catalog: Catalog, name: str) -> bool:
    schema, _, plain = name.rpartition(".")
    found = catalog.relations.get((schema, plain))
    if found is not None:
        return type(found) is Index
    return any(
        c.name == plain and c.table.schema == schema and c.kind in _WITH_INDEX for c in catalog.constraints
    )


_WITH_INDEX = frozenset({"primary key", "unique", "exclude"})
"""Constraints whose name is that of their index, too."""


_RELATIONS = frozenset({"table", "view", "materialized view", "sequence", "foreign table"})


def _identity(catalog: Catalog, target: f.ObjectPath) -> str:
    schema, name = (target.parts[-2] if len(target.parts) > 1 else ""), target.parts[-1]
    found = catalog.relation(schema, name)
    return found.identity if found is not None else f"{catalog.creation_schema(schema)}.{name}"


_SENT_TOGETHER = frozenset({"prisma", "golang-migrate"})
"""Tools that send a script in one message: between its own transactions PostgreSQL makes one of all statements
(manual, "Multiple Statements in a Simple Query")."""


class _Transactions:
    """Which transaction is open, what it holds and which settings are in force."""

    def __init__(self) -> None:
        self.number = 0
        self.open = False
        self.held: dict[str, LockMode] = {}
        self.settings: dict[str, str] = {}
        self._again = False
        """Whether what comes behind a COMMIT is one transaction again, for all was sent in one message."""
        self._local: dict[str, str | None] = {}
        """Settings made by SET LOCAL, with the value they had before."""
        self._before: dict[str, str] = {}
        """The settings when the transaction began."""

    def begin_file(self, *, wrapped: bool, sent_together: bool = False) -> None:
        """Every script has a session of its own."""
        self._end()
        self.settings, self._before = {}, {}
        self._again = wrapped and sent_together
        self.open = wrapped

    def hold(self, locks: Sequence[tuple[str, LockMode]]) -> None:
        """Add the locks of a statement."""
        for relation, mode in locks:
            before = self.held.get(relation)
            if before is None or before.rank < mode.rank:
                self.held[relation] = mode

    def after(self, fact: Any) -> None:
        """Go past a statement."""
        if isinstance(fact, f.Transaction):
            if fact.kind in ("begin", "start"):
                if not self.open:
                    self._before = dict(self.settings)
                self.open = True
            elif fact.kind in ("commit", "rollback", "prepare"):
                if fact.kind == "rollback":
                    # SET is taken back with its transaction.
                    self.settings, self._local = self._before, {}
                self._end()
                self.open = self._again
        elif isinstance(fact, f.SetVariable):
            self._set(fact)
        if not self.open:
            self._end()

    def _end(self) -> None:
        self.number += 1
        self.open = False
        self.held = {}
        for name, value in self._local.items():
            if value is None:
                self.settings.pop(name, None)
            else:
                self.settings[name] = value
        self._local = {}
        self._before = dict(self.settings)

    def _set(self, fact: f.SetVariable) -> None:
        name = fact.name.lower()
        if fact.local:
            if not self.open:
                return  # SET LOCAL outside a transaction block has no effect
            self._local.setdefault(name, self.settings.get(name))
        if fact.reset:
            self.settings.pop(name, None)
        else:
            self.settings[name] = ", ".join(fact.values)


__all__ = ["Judge"]
