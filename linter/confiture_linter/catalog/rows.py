"""Which tables the tree itself puts rows into: what a scan of an empty table costs is nothing."""

from collections.abc import Iterable

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Table
from confiture_linter.statements import facts as f

_WRITES = frozenset({"insert", "merge"})


def note_rows(catalog: Catalog, queries: Iterable[f.Query]) -> None:
    """INSERT and MERGE, at top level or in a WITH clause."""
    for query in queries:
        target = query.target
        if target is not None and query.command in _WRITES:
            _filled(catalog.relation(target.schema, target.name))
        if query.children and (query.bound or query.target is None):
            note_rows(catalog, query.children)


def note_copied(catalog: Catalog, fact: f.CopyRows) -> None:
    """COPY … FROM."""
    if fact.inward:
        _filled(catalog.relation(fact.schema, fact.name))


def note_maintained(catalog: Catalog, fact: f.Maintain) -> None:
    """TRUNCATE empties; CLUSTER … USING is remembered."""
    for schema, name, _ in fact.relations:
        table = catalog.relation(schema, name)
        if not isinstance(table, Table):
            continue
        if fact.command == "truncate":
            for leaf in _leaves(table):
                leaf.has_rows = False
        elif fact.command == "cluster" and fact.name:
            table.clustered_on = fact.name


def _filled(relation: object) -> None:
    """Rows of a partitioned table lie in its partitions; which of them is not known."""
    if isinstance(relation, Table) and not (relation.has_rows and not relation.partitions):
        for leaf in _leaves(relation):
            leaf.has_rows = True


def _leaves(table: Table) -> list[Table]:
    found = [table]
    for item in found:
        found.extend(item.partitions)
    return found
