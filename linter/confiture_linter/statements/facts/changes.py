"""What changes objects that are there: ALTER, DROP, COMMENT, GRANT."""

from typing import NamedTuple

from confiture_linter.statements.facts.names import TypeName
from confiture_linter.statements.facts.queries import Expression
from confiture_linter.statements.facts.tables import Bound, ColumnFact, ConstraintFact, Conversion


class ObjectPath(NamedTuple):
    """An object as COMMENT, DROP, GRANT, ALTER … OWNER or RENAME name it."""

    kind: str
    """As PostgreSQL's ObjectType in lower case: `table`, `column`, `function`, `table constraint`, …"""
    parts: tuple[str, ...]
    arguments: tuple[TypeName, ...] | None
    """Argument types of a routine; None where they are not given."""
    at: int


class Comment(NamedTuple):
    """COMMENT ON."""

    target: ObjectPath
    text: str
    """Empty for NULL."""


class Drop(NamedTuple):
    """DROP."""

    targets: tuple[ObjectPath, ...]
    cascade: bool
    if_exists: bool
    concurrently: bool


class DropOwned(NamedTuple):
    """DROP OWNED BY."""

    roles: tuple[str, ...]
    cascade: bool


class ReassignOwned(NamedTuple):
    """REASSIGN OWNED BY."""

    roles: tuple[str, ...]
    owner: str


class Grant(NamedTuple):
    """GRANT, REVOKE and ALTER DEFAULT PRIVILEGES."""

    revoke: bool
    kind: str
    targets: tuple[ObjectPath, ...]
    all_in_schema: bool
    default: bool
    privileges: tuple[str, ...]
    """Lower case; (`all`,) for ALL PRIVILEGES."""
    grantees: tuple[str, ...]
    """`public` is PUBLIC."""
    with_option: bool
    grantee_at: int


class AlterCommand(NamedTuple):
    """One subcommand of ALTER TABLE."""

    kind: str
    """PostgreSQL's AlterTableType without `AT_`, such as `AddColumn`."""
    name: str
    at: int
    column: ColumnFact | None = None
    constraints: tuple[ConstraintFact, ...] = ()
    type: TypeName | None = None
    expression: Expression | None = None
    cascade: bool = False
    missing_ok: bool = False
    target: tuple[str, str, int] | None = None
    """Another relation: the partition to attach, the parent to inherit."""
    text: str = ""
    behaviour: str = ""
    bound: Bound | None = None
    using: Conversion | None = None
    alters: tuple[str, ...] = ()
    """What ALTER CONSTRAINT changes: `deferrable`, `enforced`, `not enforced`, `inherit`."""
    refs: tuple[int, int] = (0, 0)
    """Of ADD COLUMN: first and end of what the definition names, among the mentions of the statement."""


class AlterTable(NamedTuple):
    """ALTER TABLE, ALTER VIEW, ALTER INDEX, ALTER SEQUENCE, ALTER TYPE (composite), …."""

    kind: str
    schema: str
    name: str
    at: int
    commands: tuple[AlterCommand, ...]
    if_exists: bool
    only: bool


class Rename(NamedTuple):
    """ALTER … RENAME."""

    kind: str
    relation_kind: str
    target: ObjectPath
    part: str
    """The column, constraint, trigger, policy, attribute or value that is renamed."""
    new: str
    if_exists: bool
    only: bool = False


class SetSchema(NamedTuple):
    """ALTER … SET SCHEMA."""

    target: ObjectPath
    schema: str
    if_exists: bool


class AlterOwner(NamedTuple):
    """ALTER … OWNER TO."""

    target: ObjectPath
    owner: str


class DependsOnExtension(NamedTuple):
    """ALTER … DEPENDS ON EXTENSION: what goes when the extension is dropped."""

    target: ObjectPath
    part: str
    """The trigger, if it is one of the relation `target`."""
    extension: str
    remove: bool


class AlterEnum(NamedTuple):
    """ALTER TYPE … ADD VALUE or RENAME VALUE (`old` given)."""

    schema: str
    name: str
    at: int
    old: str
    new: str
    if_not_exists: bool
    neighbour: str
    after: bool


class AlterFunction(NamedTuple):
    """ALTER FUNCTION … with options."""

    target: ObjectPath
    options: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]


class AlterDomain(NamedTuple):
    """ALTER DOMAIN; `action` as in PostgreSQL's AlterDomainStmt: T, N, O, C, X or V."""

    schema: str
    name: str
    at: int
    action: str
    constraint: ConstraintFact | None
    constraint_name: str
    default: Expression | None
    if_exists: bool = False
