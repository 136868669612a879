from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Index, Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterCommand, AlterTable, CreateOther, Drop, Other


@rule(
    name="replica-identity-lost",
    subject=Change,
    facts=(AlterTable, Drop),
    severity=Severity.ERROR,
    aliases=("drop-primary-key-breaks-replica-identity",),
    given=(
        "CREATE TABLE w_order (id bigint CONSTRAINT w_order_key PRIMARY KEY, code text);\n"
        "CREATE PUBLICATION sales FOR TABLE w_order;"
    ),
    bad="ALTER TABLE w_order DROP CONSTRAINT w_order_key;",
    good="ALTER TABLE w_order REPLICA IDENTITY FULL;\nALTER TABLE w_order DROP CONSTRAINT w_order_key;",
    at="ALTER TABLE",
)
def replica_identity_lost(change: Change, ctx: Context) -> Iterator[Finding]:
    """A published table loses what tells its rows apart on the subscriber.

    From then on PostgreSQL refuses every UPDATE and DELETE of it: "cannot update table because it does not have a replica
    identity and publishes updates".

    *When not:* another replica identity was set before, a new primary key comes in the same statement or file, or no
    publication of the tree has the table.

    *Instead:* `ALTER TABLE … REPLICA IDENTITY USING INDEX …` on another unique index, or FULL, first.
    """
    if change.effects.error:
        return
    for table, what, at in _lost(change):
        if (
            not change.is_new(table.identity)
            and not _mended(change, table)
            and _published(change.catalog, table)
        ):
            yield change.finding(
                f"{what} was the replica identity of {table.identity}, which is published: UPDATE and DELETE fail from "
                "now on",
                at=at,
                object=table.identity,
                help=f"`ALTER TABLE {table.qualified} REPLICA IDENTITY FULL` first, or name another unique index in it",
            )


def _lost(change: Change) -> Iterator[tuple[Table, str, int | None]]:
    """Tables whose replica identity goes, and what it was."""
    fact = change.fact
    if isinstance(fact, Drop):
        for target in fact.targets:
            parts = target.parts
            index = change.relation(parts[-2] if len(parts) > 1 else "", parts[-1]) if parts else None
            table = index.table if target.kind == "index" and isinstance(index, Index) else None
            if isinstance(table, Table) and _identity(change.catalog, table) == ("i", parts[-1]):
                yield table, f"index {parts[-1]}", None
        return
    found = change.relation(fact.schema, fact.name) if isinstance(fact, AlterTable) else None
    if not isinstance(found, Table):
        return
    how, name = _identity(change.catalog, found)
    key = found.primary_key
    for command in change.commands("DropConstraint"):
        if how == "d" and key is not None and command.name == key.name:
            yield found, f"primary key {key.name}", change.place_of(command)
        elif how == "i" and command.name == name:
            yield found, f"constraint {name}", change.place_of(command)


def _identity(catalog: Catalog, table: Table) -> tuple[str, str]:
    """How rows of a table are told apart, as pg_class.relreplident has it, and by which index."""
    found = ("d", "")
    for command in _commands(catalog, table):
        found = (command.text or "d", command.name)
    return found


def _commands(catalog: Catalog, table: Table) -> Iterator[AlterCommand]:
    for where in catalog.statements:
        fact = where.statement.fact
        if isinstance(fact, AlterTable) and fact.name == table.name:
            for command in fact.commands:
                if command.kind == "ReplicaIdentity" and catalog.relation(fact.schema, fact.name) is table:
                    yield command


def _mended(change: Change, table: Table) -> bool:
    """Whether the table gets a key or another identity by this statement or a later one, or goes."""
    for statement in (change.statement, *change.ahead):
        fact = statement.fact
        if isinstance(fact, AlterTable) and fact.name == table.name:
            for command in fact.commands:
                if command.kind == "ReplicaIdentity" or any(
                    c.kind == "primary key" for c in command.constraints
                ):
                    return True
        if isinstance(fact, Drop) and any(
            target.kind == "table" and target.parts[-1:] == (table.name,) for target in fact.targets
        ):
            return True
    return False


def _published(catalog: Catalog, table: Table) -> bool:
    """Whether a publication that the tree makes has the table; what was taken out of one again is not looked for."""
    for where in catalog.statements:
        fact = where.statement.fact
        if isinstance(fact, CreateOther) and fact.kind == "publication":
            if dict(fact.options).get("all") == "true":
                return True
        elif (
            not isinstance(fact, Other)
            or fact.kind != "AlterPublicationStmt"
            or "AP_DropObjects" in fact.words
        ):
            continue
        for ref in where.statement.refs:
            if ref.kind == "relation" and catalog.relation(ref.schema, ref.name) is table:
                return True
            if ref.kind == "schema" and ref.use == "publish" and ref.name == table.schema:
                return True
    return False
