"""Names that statements need, use and leave, as `touches` writes them: without trying anything."""

from collections.abc import Iterator

from confiture_linter.graph.key_columns import KEY
from confiture_linter.graph.makers import made
from confiture_linter.graph.mentioned import constraints_of, nested
from confiture_linter.graph.needed import OF_COLUMN, PARTS, Needed, family_of, has_key
from confiture_linter.graph.strings import split_name
from confiture_linter.graph.written import condition
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref, Statement


class NeededNames(Needed):
    """Reads them off statements."""

    def body_keys(self, body: f.Body) -> Iterator[tuple[str, ...]]:
        """Names that must be there before the body of a DO block, or of a function, runs, and are not made in it."""
        own = {(family, name) for s in body.statements for family, _, name, _, _ in made(s.fact)}
        for ref in body.refs:
            if body.surely(ref.at) and self._made(ref) and (family_of(ref), ref.name) not in own:
                yield self._key(ref)
                yield from self._in_conditions(ref)

    def _in_conditions(self, ref: Ref) -> Iterator[tuple[str, str, str]]:
        """Columns in conditions that a function is given which puts SQL together."""
        if len(ref.strings) < 2 or not any(
            body is not None and body.dynamic
            for maker in self.makers.of("routine", ref.schema, ref.name)
            for body in [getattr(maker.where.statement.fact, "body", None)]
        ):
            return
        for written in ref.strings:
            table = split_name(written)
            known = self._columns.get(table.name, ())
            for text in ref.strings if self.makers.of("relation", table.schema, table.name) else ():
                query = condition(text, table.schema, table.name)
                for use in query.columns if query is not None else ():
                    if use.name in known:
                        yield "column", table.name, use.name

    def needed_keys(self, statement: Statement) -> Iterator[tuple[str, ...]]:
        """Names that must be there before a statement runs, as `touches` writes them."""
        yield from self.keys.wanted(statement.fact)
        for family, schema, name in self._wanted(statement):
            part, of, owner = family.partition(" of ")
            yield (part, owner, name) if of else self.key(family, schema, name)
        for ref in self._mentions(statement):
            yield self._key(ref)
            if ref.kind == "function":
                yield from self._in_conditions(ref)
        for table, column in self._columns_of(statement):
            yield "column", table, column
        fact = statement.fact
        for constraint in constraints_of(fact):
            for name in constraint.target_columns:
                yield "column", constraint.target, name
            if type(fact) is f.AlterTable and constraint.expression is not None:
                for use in constraint.expression.columns:
                    if use.name in self._columns.get(fact.name, ()):
                        yield "column", fact.name, use.name
            if type(fact) is f.AlterTable and not fact.if_exists:
                added = {command.column.name for command in fact.commands if command.column is not None}
                for name in constraint.columns:
                    if name not in added and name in self._columns.get(fact.name, ()):
                        yield "column", fact.name, name
        if type(fact) is f.AlterTable and not fact.if_exists:
            for command in fact.commands:
                if command.kind in OF_COLUMN and command.name in self._columns.get(fact.name, ()):
                    yield "column", fact.name, command.name

    def used_keys(self, statement: Statement) -> Iterator[tuple[str, ...]]:
        """Names that what a statement defines cannot be without."""
        fact = statement.fact
        if type(fact) is f.CreateView or (type(fact) is f.CreateFunction and fact.atomic):
            yield from (self._key(ref) for ref in self._mentions(statement))
            yield from (("column", *pair) for pair in self._columns_of(statement))
            yield from (("column", *pair) for pair in self._starred(statement))
        elif type(fact) in (f.CreateFunction, f.CreateTable, f.AlterTable):
            yield from self.keys.wanted(fact)
            for constraint in constraints_of(fact):
                if constraint.kind == "foreign key":
                    yield self.key("relation", constraint.target_schema, constraint.target)
            yield from (self._key(ref) for ref in self._mentions(statement) if ref.kind == "type")
        elif type(fact) in (f.CreateTrigger, f.CreatePolicy):
            yield from (self._key(ref) for ref in self._mentions(statement) if ref.kind == "function")

    def absent_keys(self, statement: Statement) -> Iterator[tuple[str, ...]]:
        """Columns that must not be there yet: a view that names one beside a `*` would have it twice."""
        fact = statement.fact
        if type(fact) is f.CreateView and not fact.columns and statement.queries:
            query = statement.queries[0]
            named = {o.name for o in query.outputs if o.column is None or o.column.name != o.name}
            starred = [use.qualifier for use in query.columns if use.name == "*"]
            for source in query.sources if starred and not query.using else ():
                if source.kind == "relation" and ("" in starred or source.alias in starred):
                    for name in named & set(self._columns.get(source.name, ())):
                        yield "column", source.name, name

    def row_keys(self, path: str, statement: Statement) -> Iterator[tuple[tuple[str, ...], bool, bool]]:
        """Rows that come and go, by the first value of each: key, whether it comes, whether it must not be there."""
        for query in statement.queries:
            if query.target is None:
                continue
            table = query.target.name
            if query.command == "insert":
                for row in self.rows.listed(path, statement) or ():
                    if row and isinstance(row[0], str) and row[0] not in (f.NULL, f.DEFAULT):
                        yield ("rows", table, row[0]), True, query.conflict is None
            elif query.command == "delete":
                for comparison in query.comparisons:
                    for value in comparison.values if comparison.operator == "=" else ():
                        yield ("rows", table, value), False, False

    def _starred(self, statement: Statement) -> Iterator[tuple[str, str]]:
        """Tables and columns that `*` stands for, at one time or another."""
        for query in nested(statement.queries):
            qualifiers = {use.qualifier for use in query.columns if use.name == "*"}
            for source in query.sources if qualifiers else ():
                if source.kind == "relation" and ("" in qualifiers or source.alias in qualifiers):
                    yield from ((source.name, column) for column in self._columns.get(source.name, ()))

    def there(self, key: tuple[str, ...]) -> bool:
        """Whether what `touches` calls `key` is on the stage."""
        family = key[0]
        if family == "rows":
            tables = self.stage.all_of("relation", "", key[1])
            return any(key[2] in row.values() for table in tables for row in table.rows)
        if family == KEY:
            return any(has_key(table, key[2]) for table in self.stage.all_of("relation", "", key[1]))
        if family in PARTS:
            return any(
                self.stage.part(t, family, key[2]) for t in self.stage.all_of("relation", "", key[1])
            ) or (
                family == "label"
                and any(self.stage.part(t, family, key[2]) for t in self.stage.all_of("type", "", key[1]))
            )
        return self.stage.find(family, key[1] if len(key) == 3 else "", key[-1]) is not None


__all__ = ["NeededNames"]
