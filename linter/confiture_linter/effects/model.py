"""The effects of a statement: one dispatch over what statements say."""

from collections.abc import Callable
from typing import Any

from confiture_linter.catalog import Catalog
from confiture_linter.effects import definitions, drops, indexes, maintenance, other
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.alter_table import alter_table
from confiture_linter.effects.dependents import nested
from confiture_linter.effects.queries import Reading, run_body_queries, run_calls
from confiture_linter.effects.syntax import refuse_newer
from confiture_linter.effects.values import Effects
from confiture_linter.statements import facts as f


def effects_of(statement: f.Statement, catalog: Catalog, postgres: int, path: str = "") -> Effects:
    """What `statement` does on a server of major `postgres` that holds `catalog`.

    The catalog is that just before the statement; it is read, not kept. `path` is the file the statement stands in,
    where that is not the file of the one before it.
    """
    account = Account(catalog, postgres, path)
    carry_out(account, statement)
    return account.effects()


def carry_out(account: Account, statement: f.Statement) -> None:
    """Gather the effects of one statement; a refusal ends it and is noted as the error."""
    try:
        refuse_newer(account, statement)
        handler = _HANDLERS.get(type(statement.fact))
        if handler is not None:
            handler(account, statement.fact, statement)
    except Refused as refused:
        account.error = refused.message


def _refuse_new_label(account: Account, statement: f.Statement) -> None:
    """A value that ALTER TYPE … ADD VALUE added in this transaction cannot be used in it."""
    if not statement.queries:
        return
    given = {
        value
        for query in nested(statement.queries)
        for value in (*query.assigned, *(value for item in query.comparisons for value in item.values))
    }
    path = account.path or (account.catalog.statements[-1].path if account.catalog.statements else "")
    for item in reversed(account.catalog.statements):
        fact = item.statement.fact
        if item.path != path or (isinstance(fact, f.Transaction) and fact.kind != "savepoint"):
            return
        if isinstance(fact, f.AlterEnum) and not fact.old and fact.new in given:
            raise Refused(f'unsafe use of new value "{fact.new}" of enum type {fact.name}')


def _execute(account: Account, fact: f.Execute, statement: f.Statement) -> None:
    _refuse_new_label(account, statement)
    Reading(account, scan=True).queries(statement.queries)
    run_calls(account, statement.refs)


def _do_block(account: Account, fact: f.DoBlock, statement: f.Statement) -> None:
    """DO runs at once; what stands under IF may or may not run, and is taken to run."""
    body = fact.body
    if body is None:
        account.unsure("what the block does")
        return
    if body.problem:
        account.unsure("what the block does: it cannot be read")
    if body.dynamic:
        account.unsure("what the block runs by EXECUTE")
    run_body_queries(account, body.queries, body.refs, scan=True)
    for inner in body.statements:
        part = Account(account.catalog, account.postgres)
        carry_out(part, inner)
        for name, mode in part.locks.items():
            account.lock(name, mode)
        account.rewrites |= part.rewrites
        account.scans |= part.scans
        account.rebuilds |= part.rebuilds
        account.unknown.update(part.unknown)
        if part.error is not None:
            account.unsure(f"whether the block fails: {part.error}")


def _maintain(account: Account, fact: f.Maintain, statement: f.Statement) -> None:
    handler = _MAINTENANCE.get(fact.command)
    if handler is not None:
        handler(account, fact)


_MAINTENANCE: dict[str, Callable[[Account, f.Maintain], None]] = {
    "truncate": maintenance.truncate,
    "lock": maintenance.lock_table,
    "vacuum": maintenance.vacuum,
    "analyze": maintenance.analyze,
    "refresh": maintenance.refresh,
    "reindex": indexes.reindex,
    "cluster": indexes.cluster,
}


def _rest(account: Account, fact: f.Other, statement: f.Statement) -> None:
    """Statements without a fact of their own."""
    kind = fact.kind
    if kind in _ALONE:
        account.outside_transaction()
        raise Refused(f"{_ALONE[kind]} cannot run inside a transaction block")
    if kind == "AlterSystemStmt" or (kind == "DiscardStmt" and "all" in fact.words):
        account.outside_transaction()
    elif kind in ("ExplainStmt", "PrepareStmt", "DeclareCursorStmt"):
        runs = _analyzes(fact)
        Reading(account, planned=kind != "PrepareStmt", scan=runs, executed=runs).queries(statement.queries)
        if kind == "ExplainStmt" and _analyzes(fact):
            run_calls(account, statement.refs)
    elif kind == "AlterPublicationStmt":
        _alter_publication(account, fact, statement)
    elif kind == "AlterTableMoveAllStmt":
        account.unsure("which relations lie in the tablespace")
    elif kind == "AlterDatabaseStmt" and any(word.startswith("tablespace=") for word in fact.words):
        account.outside_transaction()
    elif kind == "DropSubscriptionStmt":
        account.outside_transaction()
        account.note("it may run in a transaction block if the subscription has no replication slot")
    elif kind == "AlterSubscriptionStmt" and "REFRESH" in "".join(fact.words).upper():
        account.outside_transaction()
    elif kind == "ExecuteStmt":
        account.unsure("what the prepared statement does")


_ALONE = {"DropdbStmt": "DROP DATABASE", "DropTableSpaceStmt": "DROP TABLESPACE"}
"""Statements about the whole cluster: nothing a migration of one database could carry out."""


def _analyzes(fact: f.Other) -> bool:
    return any(
        word.partition("=")[0] == "analyze" and word not in ("analyze=false", "analyze=off")
        for word in fact.words
    )


def _alter_publication(account: Account, fact: f.Other, statement: f.Statement) -> None:
    """ADD, SET and DROP TABLE; SET also lets go of the members that are not named again."""
    name, action = fact.words[0], fact.words[1]
    members = _members(account, name)
    for ref in statement.refs:
        known = account.catalog.relation(ref.schema, ref.name)
        if action == "AP_AddObjects" and known is not None and known.identity in members:
            raise Refused(f'relation "{ref.name}" is already member of publication "{name}"')
    only = next((word.partition("=")[2] for word in fact.words if word.startswith("only=")), "")
    definitions.publish(account, statement, only.split(","))
    if action == "AP_SetObjects" and members:
        for member in members:
            account.lock(member, definitions.PUBLISHED)


def _members(account: Account, publication: str) -> set[str]:
    """Tables that a publication was given by the statements so far."""
    members: set[str] = set()
    for item in account.catalog.statements:
        fact = item.statement.fact
        created = isinstance(fact, f.CreateOther) and fact.kind == "publication" and fact.name == publication
        changed = (
            isinstance(fact, f.Other) and fact.kind == "AlterPublicationStmt" and fact.words[0] == publication
        )
        if not created and not changed:
            continue
        named = {
            found.identity
            for ref in item.statement.refs
            if ref.kind == "relation"
            and (found := account.catalog.relation(ref.schema, ref.name)) is not None
        }
        if isinstance(fact, f.Other) and fact.words[1] == "AP_DropObjects":
            members -= named
        elif isinstance(fact, f.Other) and fact.words[1] == "AP_SetObjects":
            members = named
        else:
            members |= named
    return members


def _unparsed(account: Account, fact: f.Unparsed, statement: f.Statement) -> None:
    if fact.template:
        account.unsure("what it is: a placeholder stands in it")
    else:
        account.error = fact.message


_HANDLERS: dict[type, Callable[[Account, Any, f.Statement], None]] = {
    f.AlterTable: lambda account, fact, _: alter_table(account, fact),
    f.CreateTable: definitions.create_table,
    f.CreateView: definitions.create_view,
    f.CreateFunction: definitions.create_function,
    f.CreateSchema: definitions.create_schema,
    f.CreateType: definitions.create_type,
    f.CreateIndex: lambda account, fact, _: indexes.create_index(account, fact),
    f.CreateTrigger: lambda account, fact, _: definitions.create_trigger(account, fact),
    f.CreatePolicy: definitions.create_policy,
    f.CreateSequence: lambda account, fact, _: definitions.sequence(account, fact),
    f.CreateOther: definitions.create_other,
    f.Drop: lambda account, fact, _: drops.drop(account, fact),
    f.Rename: lambda account, fact, _: other.rename(account, fact),
    f.SetSchema: lambda account, fact, _: other.set_schema(account, fact),
    f.AlterOwner: lambda account, fact, _: other.owner(account, fact),
    f.AlterDomain: lambda account, fact, _: other.domain(account, fact),
    f.AlterEnum: lambda account, fact, _: other.enum(account, fact),
    f.Comment: lambda account, fact, _: other.comment(account, fact),
    f.Grant: lambda account, fact, _: other.grant(account, fact),
    f.CopyRows: other.copy,
    f.Maintain: _maintain,
    f.Execute: _execute,
    f.DoBlock: _do_block,
    f.Other: _rest,
    f.Unparsed: _unparsed,
}
