from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Constraint, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule

Edges = dict[int, list[Constraint]]


_SHOWN = 6
"""Tables of a cycle that the message names."""


@rule(
    name="foreign-key-cycle",
    subject=Catalog,
    severity=Severity.WARNING,
    bad=(
        "CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL);\n"
        "CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);\n"
        "ALTER TABLE a ADD CONSTRAINT a_b_fk FOREIGN KEY (b_id) REFERENCES b;"
    ),
    good=(
        "CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL);\n"
        "CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);\n"
        "ALTER TABLE a ADD CONSTRAINT a_b_fk FOREIGN KEY (b_id) REFERENCES b DEFERRABLE INITIALLY DEFERRED;"
    ),
    at="CONSTRAINT a_b_fk",
)
def foreign_key_cycle(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """Tables reference each other by NOT NULL columns, and nothing is deferrable.

    Neither table can take its first row: each INSERT needs the row of the other one, and is checked at once.
    Loading a dump row by row and deleting meet the same wall.

    *When not:* rows of all tables of the cycle are only ever written by one statement with several
    data-modifying CTEs.

    *Instead:* make one of the foreign keys `DEFERRABLE INITIALLY DEFERRED`, or one of the columns nullable.
    """
    edges = _hard_edges(catalog)
    position: dict[str, int] = {}
    for source in catalog.statements:
        position[source.path] = source.position
    seen: set[frozenset[int]] = set()
    for constraints in list(edges.values()):
        for constraint in constraints:
            cycle = _way_back(constraint, edges)
            tables = frozenset(id(step.table) for step in cycle)
            if not cycle or tables in seen:
                continue
            seen.add(tables)
            last = max(cycle, key=lambda step: (position.get(step.path, 0), step.span.start))
            shown = [step.table.identity for step in cycle[:_SHOWN]]
            names = " → ".join([*shown, f"{len(cycle) - _SHOWN} more"] if len(cycle) > _SHOWN else shown)
            yield last.finding(
                f"{names} → {cycle[0].table.identity} reference each other by NOT NULL columns: neither can be filled first",
                help="make this foreign key DEFERRABLE INITIALLY DEFERRED, or its column nullable",
                related=tuple(
                    Related(step.path, Span(step.fact.at, step.fact.at), f"references {step.fact.target}")
                    for step in cycle
                    if step is not last
                ),
            )


def _hard_edges(catalog: Catalog) -> Edges:
    """Per table, the foreign keys that must be satisfied at once by every row."""
    edges: Edges = {}
    for constraint in catalog.constraints:
        target = constraint.target
        if target is None or target is constraint.table or constraint.fact.deferrable:
            continue
        columns = [constraint.table.columns.get(name) for name in constraint.columns]
        if all(column is not None and column.not_null for column in columns):
            edges.setdefault(id(constraint.table), []).append(constraint)
    return edges


def _way_back(start: Constraint, edges: Edges) -> list[Constraint]:
    """The shortest cycle of foreign keys that begins with `start`; empty if there is none."""
    came: dict[int, Constraint] = {}
    queue: list[Table] = [start.target] if start.target is not None else []
    for table in queue:
        for step in edges.get(id(table), ()):
            target = step.target
            if target is start.table:
                way = [step]
                while way[-1].table is not start.target:
                    way.append(came[id(way[-1].table)])
                return [start, *reversed(way)]
            if target is not None and id(target) not in came:
                came[id(target)] = step
                queue.append(target)
    return []
