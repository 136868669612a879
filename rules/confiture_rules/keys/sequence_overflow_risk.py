from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Column, Sequence
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateSequence, DoBlock, Rename

_WIDTH = {"int2": 1, "int4": 2, "int8": 3}
_NAMES = {"int2": "smallint", "int4": "integer", "int8": "bigint"}
_ENDS = {"int2": "32 767", "int4": "2 147 483 647"}


@rule(
    name="sequence-overflow-risk",
    subject=Catalog,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_order (id serial PRIMARY KEY);\nALTER TABLE w_order ALTER COLUMN id TYPE bigint;",
    good=(
        "CREATE TABLE w_order (id serial PRIMARY KEY);\nALTER TABLE w_order ALTER COLUMN id TYPE bigint;\n"
        "ALTER SEQUENCE w_order_id_seq AS bigint;"
    ),
    at="id serial",
)
def sequence_overflow_risk(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A sequence ends long before the column that it fills.

    The sequence of a serial column keeps its type when the column gets a larger one: `ALTER COLUMN id TYPE bigint`
    leaves an integer sequence, and every INSERT fails at 2 147 483 647 all the same. (That of an identity column does
    get the new type.)

    *When not:* the sequence has been given the type, too, or has no type of its own, which is bigint.

    *Instead:* `ALTER SEQUENCE … AS bigint`.
    """
    for column, sequence in _fed(catalog):
        own, wanted = _type_of(catalog, sequence, column), column.type.name
        if own in _WIDTH and wanted in _WIDTH and _WIDTH[own] < _WIDTH[wanted] and not column.type.array:
            yield column.finding(
                f"{column.identity} is {_NAMES[wanted]}, and its sequence {sequence.identity} is {_NAMES[own]} and ends "
                f"at {_ENDS[own]}",
                help=f"ALTER SEQUENCE {sequence.qualified} AS {_NAMES[wanted]}",
            )


def _fed(catalog: Catalog) -> Iterator[tuple[Column, Sequence]]:
    """Columns whose default takes its numbers from a sequence that the tree makes."""
    owned = {
        id(sequence.owned_by): sequence for sequence in catalog.sequences if sequence.owned_by is not None
    }
    for column in catalog.columns:
        sequence = owned.get(id(column)) if column.serial else None
        if sequence is None and column.default is not None and column.default.refs:
            names = [ref for ref in column.default.refs if ref.kind in ("relation", "sequence")]
            if any(ref.name == "nextval" for ref in column.default.refs) and len(names) == 1:
                found = catalog.relation(names[0].schema, names[0].name)
                sequence = found if isinstance(found, Sequence) else None
        if sequence is not None and not column.identity_kind:
            yield column, sequence


def _type_of(catalog: Catalog, sequence: Sequence, column: Column) -> str:
    """The type of a sequence: as made, or as the last ALTER SEQUENCE … AS says."""
    kind = sequence.fact.type
    if column.fact.serial and not kind and sequence.span.start == column.fact.at:
        kind = column.fact.type.name
    names = _names(catalog, sequence)
    for fact in _altered(catalog):
        if fact.type and fact.name in names:
            found = catalog.relation(fact.schema, fact.name)
            if found is None or found is sequence:
                kind = fact.type
    return kind or "int8"


def _names(catalog: Catalog, sequence: Sequence) -> set[str]:
    """The name of a sequence, and those it had before."""
    names = {sequence.name}
    for where in reversed(catalog.statements_with((Rename,))):
        fact = where.statement.fact
        if isinstance(fact, Rename) and fact.new in names and not fact.part and fact.target.parts:
            names.add(fact.target.parts[-1])
    return names


def _altered(catalog: Catalog) -> Iterator[CreateSequence]:
    """Every ALTER SEQUENCE, also those in DO blocks."""
    for where in catalog.statements_with((CreateSequence, DoBlock)):
        fact = where.statement.fact
        if isinstance(fact, CreateSequence) and fact.alter:
            yield fact
        elif isinstance(fact, DoBlock) and fact.body is not None:
            for statement in fact.body.statements:
                if isinstance(statement.fact, CreateSequence) and statement.fact.alter:
                    yield statement.fact
