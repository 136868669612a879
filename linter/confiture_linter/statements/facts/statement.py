"""One statement: what it says, and where."""

from typing import NamedTuple

from confiture_linter.statements.facts.changes import (
    AlterDomain,
    AlterEnum,
    AlterFunction,
    AlterOwner,
    AlterTable,
    Comment,
    DependsOnExtension,
    Drop,
    DropOwned,
    Grant,
    ReassignOwned,
    Rename,
    SetSchema,
)
from confiture_linter.statements.facts.commands import (
    CopyRows,
    DoBlock,
    Execute,
    Maintain,
    Other,
    SetVariable,
    Transaction,
    Unparsed,
)
from confiture_linter.statements.facts.definitions import (
    CreateExtension,
    CreateOther,
    CreatePolicy,
    CreateRole,
    CreateSchema,
    CreateSequence,
    CreateTrigger,
    CreateType,
)
from confiture_linter.statements.facts.names import Ref
from confiture_linter.statements.facts.queries import Query
from confiture_linter.statements.facts.routines import CreateFunction
from confiture_linter.statements.facts.tables import CreateIndex, CreateTable, CreateView

Fact = (
    CreateTable
    | CreateView
    | CreateIndex
    | CreateFunction
    | CreateTrigger
    | CreatePolicy
    | CreateType
    | CreateSequence
    | CreateSchema
    | CreateExtension
    | CreateRole
    | CreateOther
    | Comment
    | Drop
    | DropOwned
    | ReassignOwned
    | Grant
    | AlterTable
    | Rename
    | SetSchema
    | AlterOwner
    | DependsOnExtension
    | AlterEnum
    | AlterFunction
    | AlterDomain
    | SetVariable
    | Transaction
    | Execute
    | DoBlock
    | CopyRows
    | Maintain
    | Other
    | Unparsed
)


class Statement(NamedTuple):
    """One statement: where it stands, what it says, and everything it names."""

    start: int
    end: int
    fact: Fact
    refs: tuple[Ref, ...] = ()
    queries: tuple[Query, ...] = ()
