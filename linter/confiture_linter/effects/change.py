"""A change set: the statements that will run on a live database, each with what it does to it.

A `Change` is judged against the catalog as it is just before its statement, and is gone when the statement has
been carried out; a `Step` is what remains of it, for rules that look at several statements together.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from confiture_linter.catalog import Catalog, SourceStatement
from confiture_linter.catalog.catalog import Relation
from confiture_linter.catalog.entities import Entity
from confiture_linter.effects.values import Effects, LockMode
from confiture_linter.model import Edit, Fix, ObjectName, Span
from confiture_linter.statements.facts import (
    AlterCommand,
    AlterTable,
    CreateIndex,
    CreatePolicy,
    CreateTrigger,
    DoBlock,
    Fact,
    Statement,
)

_TABLES = frozenset({"table", "foreign table"})


class Migration(NamedTuple):
    """One change script, and how the tool that runs it does so."""

    path: str
    version: str
    wrapped: bool | None
    """Whether the tool runs the script inside one transaction; None where nobody says."""
    said: bool
    """Whether that was said: by the configuration, or by a directive in the file."""
    statements: tuple[Statement, ...]
    tool: str = ""
    """The migration tool that the script is written for, where that can be told."""
    release: str = ""
    """What is deployed together has the same here, such as all files in the folder of one version; empty for a script
    that is a deployment of its own."""
    following: tuple[Statement, ...] = ()
    """What the later scripts of the release do."""


class Step(NamedTuple):
    """A statement of the change set that has been judged."""

    where: SourceStatement
    effects: Effects
    migration: Migration
    transaction: int
    """Number of the transaction it runs in; statements with equal numbers commit together."""
    in_block: bool
    """Whether that transaction holds more than this statement."""
    existing: tuple[tuple[str, LockMode], ...]
    """Its locks on relations that were there before the change set: those that others can wait for."""


class Change(Entity):
    """A statement of the change set, with the database as it is just before."""

    __slots__ = (
        "catalog", "complete", "created", "earlier", "effects", "held", "in_block", "migration", "nested",
        "position", "postgres", "settings", "transaction", "where",
    )  # fmt: skip

    kind = "change"

    def __init__(
        self,
        where: SourceStatement,
        effects: Effects,
        catalog: Catalog,
        migration: Migration,
        *,
        postgres: int,
        complete: bool,
        earlier: Sequence[Step],
        position: int,
        created: Mapping[str, int],
        held: Mapping[str, LockMode],
        settings: Mapping[str, str],
        transaction: int,
        in_block: bool,
        nested: bool,
    ) -> None:
        super().__init__(where.path, Span(where.statement.start, where.statement.end))
        self.where = where
        self.effects = effects
        self.catalog = catalog
        """What exists just before; never kept, for the next statement changes it."""
        self.migration = migration
        self.complete = complete
        """Whether the catalog has all there is: what it lacks is not there, rather than not known."""
        self.postgres = postgres
        """The major version it will run on."""
        self.earlier = earlier
        """What ran before it in the change set; it grows, so it is read and not kept."""
        self.position = position
        """How many statements of its file have run with it."""
        self.created = created
        """Relations (`schema.name`) made by the change set so far, with the transaction that made them; columns that
        it added to others are there as relation and column with a NUL between them."""
        self.held = held
        """Locks that its own transaction holds already, on relations that were there before the change set."""
        self.settings = settings
        """Run-time settings that the script has made so far, such as `lock_timeout`; lower case."""
        self.transaction = transaction
        self.in_block = in_block
        """Whether it runs inside a transaction block: the script's own, or the tool's."""
        self.nested = nested
        """Whether it stands in a DO block or function, where it may or may not run."""

    @property
    def fact(self) -> Fact:
        """What the statement says."""
        return self.where.statement.fact

    @property
    def statement(self) -> Statement:
        """The statement."""
        return self.where.statement

    @property
    def ahead(self) -> Sequence[Statement]:
        """What comes after it in its file, and in its release, with what DO blocks there run."""
        rest = self.migration.statements[self.position :]
        if self.migration.following:
            rest += self.migration.following
        if not any(isinstance(statement.fact, DoBlock) for statement in rest):
            return rest
        found: list[Statement] = []
        for statement in rest:
            found.append(statement)
            if isinstance(statement.fact, DoBlock) and statement.fact.body is not None:
                found += statement.fact.body.statements
        return found

    @property
    def blocking(self) -> tuple[tuple[str, LockMode], ...]:
        """Its locks on relations that others use already, strongest first."""
        return tuple(
            sorted(
                ((name, mode) for name, mode in self.effects.locks if not self.is_new(name)),
                key=lambda pair: (-pair[1].rank, pair[0]),
            )
        )

    def is_new(self, relation: str) -> bool:
        """Whether the change set made the relation itself, so that nobody reads or writes it yet."""
        return relation in self.created

    def is_new_column(self, relation: str, column: str) -> bool:
        """Whether the change set added the column, so that nobody asks for it yet."""
        return f"{relation}\0{column}" in self.created

    def relation(self, schema: str, name: str) -> Relation | None:
        """The relation a name in the statement means."""
        return self.catalog.relation(schema, name)

    def identity_of(self, schema: str, name: str) -> str:
        """`schema.name` of the relation a name means, also of one that the catalog does not know."""
        found = self.catalog.relation(schema, name)
        return found.identity if found is not None else f"{self.catalog.creation_schema(schema)}.{name}"

    @property
    def about(self) -> str:
        """`schema.name` of the relation or routine the statement is about; empty where it is about none."""
        fact = self.fact
        if isinstance(fact, CreateIndex | CreateTrigger | CreatePolicy):
            return self.identity_of(fact.table_schema, fact.table)
        schema, name = getattr(fact, "schema", None), getattr(fact, "name", None)
        return self.identity_of(schema, name) if isinstance(schema, str) and isinstance(name, str) else ""

    def quoted(self, schema: str, name: str) -> str:
        """The relation a name means as SQL writes it: with its schema where that is known."""
        found = self.catalog.relation(schema, name)
        return str(found.qualified) if found is not None else str(ObjectName(schema, name))

    def commands(self, *kinds: str) -> Iterator[AlterCommand]:
        """Subcommands of these kinds of an ALTER TABLE on a table that others use already."""
        fact = self.fact
        if not isinstance(fact, AlterTable) or fact.kind not in _TABLES:
            return
        if not self.is_new(self.identity_of(fact.schema, fact.name)):
            yield from (command for command in fact.commands if command.kind in kinds)

    def place_of(self, command: AlterCommand) -> int | None:
        """Where a subcommand stands, if the statement has several; None stands for the whole statement."""
        fact = self.fact
        return command.at if isinstance(fact, AlterTable) and len(fact.commands) > 1 else None

    def effects_of_command(self, command: AlterCommand) -> Effects:
        """What one subcommand of an ALTER TABLE does by itself."""
        fact = self.fact
        if not isinstance(fact, AlterTable) or len(fact.commands) == 1:
            return self.effects
        from confiture_linter.effects.model import effects_of

        alone = self.statement._replace(fact=fact._replace(commands=(command,)))
        effects = effects_of(alone, self.catalog, self.postgres, self.path)
        # What is refused by itself may need another subcommand, which PostgreSQL carries out first.
        return self.effects if effects.error and not self.effects.error else effects

    def insertion(self, title: str, text: str, *, safe: bool, before: bool = True) -> Fix:
        """A fix that puts a statement before or behind this one."""
        at = self.where.statement.start if before else self.where.statement.end
        return Fix(title, (Edit(self.path, Span(at, at), text),), safe)


class ChangeSet(Entity):
    """All statements of the change set, once the last one has been judged."""

    __slots__ = ("catalog", "migrations", "steps")

    kind = "change set"

    def __init__(self, steps: tuple[Step, ...], migrations: tuple[Migration, ...], catalog: Catalog) -> None:
        super().__init__(migrations[0].path if migrations else "", Span(0, 0))
        self.steps = steps
        self.migrations = migrations
        self.catalog = catalog
        """What exists in the end."""
