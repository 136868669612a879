"""Statements that say something about an object, and the text of definitions, as the files have them."""

from collections.abc import Callable
from typing import Any

from confiture_linter.catalog import Catalog, Column, Constraint, Function, Policy, Table, Trigger, View
from confiture_linter.catalog.catalog import SourceStatement
from confiture_linter.catalog.entities import Generic, Named
from confiture_linter.graph.mentioned import input_types
from confiture_linter.graph.nodes import RuleEntry
from confiture_linter.model import ObjectName, quote_identifier
from confiture_linter.sources.split import element_end
from confiture_linter.statements import facts as f

_ACTIONS = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_AFTER_DEFAULT = frozenset({"NOT", "NULL", "CHECK", "UNIQUE", "PRIMARY", "REFERENCES", "CONSTRAINT", "GENERATED",
                            "COLLATE", "DEFERRABLE", "INITIALLY"})  # fmt: skip


class Pieces:
    """Cuts statements and elements out of the files."""

    def __init__(self, catalog: Catalog, texts: Callable[[str], bytes]) -> None:
        self.catalog = catalog
        self.texts = texts
        self._by_start = {(w.path, w.statement.start): w for w in catalog.statements}

    def statement(self, path: str, start: int) -> str:
        """The statement that begins at a byte offset, with its semicolon."""
        where = self._by_start.get((path, start))
        return "" if where is None else self.cut(where)

    def cut(self, where: SourceStatement) -> str:
        """The text of a statement, with its semicolon."""
        data = self.texts(where.path)[where.statement.start : where.statement.end]
        return data.decode("utf-8", "replace").rstrip().rstrip(";").rstrip() + ";"

    def element(self, path: str, at: int) -> str:
        """The column or constraint that begins at a byte offset."""
        data = self.texts(path)
        return data[at : element_end(data, at)].decode("utf-8", "replace")

    def definition(self, entity: Any) -> list[str]:
        """CREATE, under the search_path it was written for."""
        text = self.statement(entity.path, entity.span.start)
        if entity.fact.schema or not entity.schema or entity.schema in self.catalog.default_path:
            return [text]
        path = ", ".join(map(quote_identifier, (entity.schema, *self.catalog.default_path)))
        return [f"SET search_path TO {path};", text, "RESET search_path;"]

    def default(self, column: Column) -> str:
        """The expression of a DEFAULT."""
        from confiture_linter.graph.lineage_text import words

        if column.default is None:
            return "NULL"
        text = self.element(column.path, column.default.at)
        depth = 0
        for index, (word, start) in enumerate(words(text)):
            depth += (word == "(") - (word == ")")
            if index and not depth and word in _AFTER_DEFAULT:
                return text[:start].rstrip()
        return text

    def constraint(self, part: Constraint) -> str:
        """ALTER TABLE … ADD CONSTRAINT."""
        table = str(ObjectName(part.table.schema, part.table.name))
        head = f"ALTER TABLE {table} ADD CONSTRAINT {quote_identifier(part.name)}"
        if part.kind == "foreign key":
            return f"{head} {_foreign_key(part)};"
        text = self.element(part.path, part.fact.at)
        if text[:10].upper() == "CONSTRAINT":
            return f"ALTER TABLE {table} ADD {text};"
        return f"{head} {text};"

    def published(self, publication: Generic, table: Table) -> str:
        """ALTER PUBLICATION … ADD TABLE, with columns and WHERE as CREATE PUBLICATION has them."""
        from confiture_linter.graph.lineage_text import words

        where = self._by_start[publication.path, publication.span.start]
        refs = where.statement.refs
        at = next(
            (
                r.at
                for r in refs
                if r.use == "publish" and names(self.catalog, _written(r.schema, r.name), table, where)
            ),
            -1,
        )
        text = self.element(publication.path, at) if at >= 0 else str(ObjectName(table.schema, table.name))
        depth = 0
        for word, start in words(text):
            depth += (word == "(") - (word == ")")
            if not depth and word == "WITH":
                text = text[:start].rstrip()
                break
        return f"ALTER PUBLICATION {quote_identifier(publication.name)} ADD TABLE {text};"

    def comments_of(self, column: Column) -> list[str]:
        """COMMENT ON COLUMN."""
        return [
            self.cut(where)
            for where in self.catalog.statements
            if type(where.statement.fact) is f.Comment
            and where.statement.fact.target.kind == "column"
            and where.statement.fact.target.parts[-1] == column.name
            and self._names(where.statement.fact.target.parts[:-1], column.table, where)
        ]

    def altered(self, part: Trigger | Policy | RuleEntry) -> list[str]:
        """Later statements about a trigger, a policy or a rule, in order."""
        found = []
        for where in self.catalog.statements:
            fact = where.statement.fact
            if type(fact) is f.CreatePolicy and fact.alter:
                about = fact.name == part.name and fact.table == part.table.name
            elif type(fact) is f.Comment and fact.target.kind == part.kind:
                parts = fact.target.parts
                about = parts[-1] == part.name and self._names(parts[:-1], part.table, where)
            else:
                about = False
            if about:
                found.append(self.cut(where))
        return found

    def _names(self, parts: tuple[str, ...], entity: Named, where: SourceStatement) -> bool:
        return names(self.catalog, parts, entity, where)


def names(catalog: Catalog, parts: tuple[str, ...], entity: Named, where: SourceStatement) -> bool:
    """Whether a written name means an object, which may have been renamed or moved since."""
    if not parts:
        return False
    called = {entity.name, getattr(getattr(entity, "fact", None), "name", entity.name)}
    if parts[-1] not in called:
        return False
    if len(parts) > 1:
        return parts[-2] in (entity.schema, getattr(getattr(entity, "fact", None), "schema", ""))
    return entity.schema in catalog.default_path or where.path == entity.path


def followers(catalog: Catalog, pieces: Pieces, entity: Named) -> tuple[list[str], list[tuple[int, str]]]:
    """What was said about an object after it was created.

    At once, and (owner and grants, with their rank in the build) when everything is there: a materialized view
    is filled when it is created, with the rights of the owners of the views it reads.
    """
    now: list[str] = []
    later: list[tuple[int, str]] = []
    for rank, where in enumerate(catalog.statements):
        fact = where.statement.fact
        if where.path == entity.path and where.statement.start == entity.span.start:
            continue
        if type(fact) is f.Grant:
            if _granted(catalog, fact, entity, where):
                later.append((rank, pieces.cut(where)))
        elif _about(catalog, fact, entity, where):
            if type(fact) is f.AlterOwner or (
                type(fact) is f.AlterTable and any(c.kind == "ChangeOwner" for c in fact.commands)
            ):
                later.append((rank, pieces.cut(where)))
            else:
                now.append(pieces.cut(where))
    return now, later


def _granted(catalog: Catalog, fact: f.Grant, entity: Named, where: SourceStatement) -> bool:
    if fact.default:
        return False
    if fact.all_in_schema:
        relation = isinstance(entity, Table | View)
        schemas = [target.parts[-1] for target in fact.targets if target.parts]
        return entity.schema in schemas and (fact.kind == "table") == relation
    return any(_means(catalog, target, entity, where) for target in fact.targets)


def _about(catalog: Catalog, fact: f.Fact, entity: Named, where: SourceStatement) -> bool:
    if type(fact) is f.Comment:
        target = fact.target
        part = target.kind in ("column", "trigger", "rule", "policy", "table constraint")
        if part:
            return isinstance(entity, Table | View) and names(catalog, target.parts[:-1], entity, where)
        return _means(catalog, target, entity, where)
    if type(fact) in (f.AlterOwner, f.AlterFunction, f.Rename, f.SetSchema):
        return _means(catalog, fact.target, entity, where)  # type: ignore[union-attr]
    if not isinstance(entity, Table | View):
        return False
    if type(fact) is f.CreateIndex:
        written = fact.table_schema, fact.table
        made = next((i for i in entity.indexes if i.fact is fact), None)
        return made is not None and names(catalog, _written(*written), entity, where)
    if type(fact) is f.CreateTrigger:
        made_here = any(trigger.fact is fact for trigger in entity.triggers)
        return made_here and names(catalog, _written(fact.table_schema, fact.table), entity, where)
    if type(fact) is f.CreateOther and fact.kind == "rule":
        return names(catalog, _written(fact.schema, fact.name), entity, where)
    if type(fact) is f.AlterTable:
        return names(catalog, _written(fact.schema, fact.name), entity, where)
    return False


def _written(schema: str, name: str) -> tuple[str, ...]:
    return (schema, name) if schema else (name,)


def _means(catalog: Catalog, target: f.ObjectPath, entity: Named, where: SourceStatement) -> bool:
    routine = target.kind in ("function", "procedure", "routine")
    if routine != isinstance(entity, Function) or not names(catalog, target.parts, entity, where):
        return False
    if isinstance(entity, Function) and target.arguments is not None:
        return input_types(entity.fact) == tuple(written.name for written in target.arguments)
    return True


def _foreign_key(part: Constraint) -> str:
    fact = part.fact
    target = part.target
    called = ObjectName(target.schema, target.name) if target else ObjectName(fact.target_schema, fact.target)
    words = [f"FOREIGN KEY ({_listed(part.columns)}) REFERENCES {called}"]
    if part.target_columns:
        words[0] += f" ({_listed(part.target_columns)})"
    if fact.match_full:
        words.append("MATCH FULL")
    for event, action in (("DELETE", fact.on_delete), ("UPDATE", fact.on_update)):
        if action in _ACTIONS:
            words.append(f"ON {event} {_ACTIONS[action]}")
    if fact.delete_columns:
        words[-1] += f" ({_listed(fact.delete_columns)})"
    if fact.deferrable:
        words.append("DEFERRABLE INITIALLY DEFERRED" if fact.initially_deferred else "DEFERRABLE")
    if part.not_valid:
        words.append("NOT VALID")
    return " ".join(words)


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(map(quote_identifier, columns))
