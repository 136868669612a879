"""Columns that another file than that of CREATE TABLE adds, and who names them."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from confiture_linter.graph.makers import FAMILIES, Maker, Makers, Pair, Step
from confiture_linter.graph.mentioned import other_columns, query_columns
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref, Statement


class AddedColumns:
    """Finds the statements that add the columns which a statement names."""

    def __init__(self, all_steps: Sequence[Step], makers: Makers) -> None:
        self.steps = all_steps
        self.makers = makers
        self._all: dict[str, set[str]] | None = None
        self._by_table: dict[str, list[tuple[str, list[Maker]]]] | None = None

    def needed_by(self, statement: Statement, refs: Iterable[Ref]) -> Iterator[Maker]:
        """Makers of the added columns that a statement, touching these relations, may name."""
        added = self._added()
        touched = {ref.name for ref in refs if ref.kind == "relation"}
        fact = statement.fact
        if type(fact) is f.Comment and fact.target.kind == "column" and len(fact.target.parts) > 1:
            touched.add(fact.target.parts[-2])
        if touched.isdisjoint(added):
            return
        used = self.used(statement, touched)
        for table in sorted(touched & added.keys()):
            for column, makers in added[table]:
                if (table, column) in used and not any(
                    maker.where.statement is statement for maker in makers
                ):
                    yield makers[0]

    def used(self, statement: Statement, touched: Collection[str]) -> set[tuple[str, str]]:
        """Tables and columns that a statement names; where two tables may be meant, neither is."""
        found: set[tuple[str, str]] = set()
        for use in query_columns(statement):
            for level in use.levels:
                owners = {table for table in level if use.name in self._columns().get(table, ())}
                if owners:
                    found.update((table, use.name) for table in owners if len(owners) == 1)
                    break
        for name in other_columns(statement):
            found.update((table, name) for table in touched)
        return found

    def _columns(self) -> dict[str, set[str]]:
        """Every column that a table has at some time."""
        if self._all is None:
            self._all = columns_by_table(self.steps)
        return self._all

    def whole_rows(self) -> Iterator[Pair]:
        """An SQL function that lists the columns of the row it returns fits the table as it is at one time.

        It comes after those that add the columns it lists, and before those that add others.
        """
        added = self._added()
        own = self._own_columns() if added else {}
        for step in self.steps if added else ():
            fact = step.statement.fact
            if type(fact) is not f.CreateFunction or fact.language != "sql" or fact.body is None:
                continue
            table = fact.returns.name if fact.returns is not None else ""
            if table not in added or not fact.body.queries:
                continue
            names = {output.name for output in fact.body.queries[-1].outputs}
            if "*" in names or not _mostly(own.get(table, set()), names):
                continue
            for column, makers in added[table]:
                if column in names:
                    yield from self.makers.first(step.where.path, makers[:1])
                elif makers[0].path != step.where.path:
                    yield makers[0].path, step.where.path

    def among(self, table: str, names: Collection[str]) -> Iterator[Maker]:
        """Makers of the columns of `table` that are among `names`."""
        for column, makers in self._added().get(table, ()):
            if column in names:
                yield makers[0]

    def _added(self) -> dict[str, list[tuple[str, list[Maker]]]]:
        if self._by_table is None:
            own = self._own_columns()
            self._by_table = {}
            for (table, column), makers in self.makers.columns.items():
                if column not in own.get(table, ()):
                    self._by_table.setdefault(table, []).append((column, makers))
        return self._by_table

    def _own_columns(self) -> dict[str, set[str]]:
        own: dict[str, set[str]] = {}
        for step in self.steps:
            fact = step.statement.fact
            if type(fact) is f.CreateTable:
                own.setdefault(fact.name, set()).update(column.name for column in fact.columns)
        return own


def columns_by_table(all_steps: Sequence[Step]) -> dict[str, set[str]]:
    """Every column that statements give a table of that name; renamed tables share theirs."""
    found: dict[str, set[str]] = {}
    renamed: list[tuple[str, str]] = []
    for step in all_steps:
        fact = step.statement.fact
        if type(fact) is f.CreateTable and fact.persistence != "t":
            found.setdefault(fact.name, set()).update(column.name for column in fact.columns)
        elif type(fact) is f.AlterTable:
            names = {c.column.name for c in fact.commands if c.kind == "AddColumn" and c.column is not None}
            if names:
                found.setdefault(fact.name, set()).update(names)
        elif type(fact) is f.Rename and fact.target.parts:
            if fact.kind == "column":
                found.setdefault(fact.target.parts[-1], set()).add(fact.new)
            elif FAMILIES.get(fact.kind) == "relation":
                renamed.append((fact.target.parts[-1], fact.new))
    for _ in range(3 if renamed else 0):
        for old, new in renamed:
            both = found.get(old, set()) | found.get(new, set())
            found[old] = found[new] = both
    return found


def taken_columns(all_steps: Sequence[Step]) -> dict[str, list[tuple[str, str]]]:
    """Table to columns that are renamed or dropped, and the files that do it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for step in all_steps:
        fact, path = step.statement.fact, step.where.path
        if type(fact) is f.Rename and fact.kind == "column" and fact.target.parts:
            found.setdefault(fact.target.parts[-1], []).append((fact.part, path))
        elif type(fact) is f.AlterTable:
            for command in fact.commands:
                if command.kind == "DropColumn":
                    found.setdefault(fact.name, []).append((command.name, path))
    return found


def _mostly(own: set[str], listed: set[str]) -> bool:
    """Columns may have been renamed, or got other names in the list."""
    return len(own) > 1 and 2 * len(own & listed) >= len(own)


__all__ = ["AddedColumns", "columns_by_table", "taken_columns"]
