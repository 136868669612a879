"""The way out: what to drop, the change, and what to create again, cut from the files as it is written there."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from confiture_linter.catalog import (
    Catalog,
    Column,
    Constraint,
    Function,
    Index,
    Policy,
    Table,
    Trigger,
    View,
)
from confiture_linter.catalog.entities import Entity, Generic, Sequence
from confiture_linter.graph.about import Pieces, followers
from confiture_linter.graph.dependents import Action, Dependent, How, Search
from confiture_linter.graph.nodes import RuleEntry
from confiture_linter.model import ObjectName, quote_identifier
from confiture_linter.statements.summarise import nested_queries


class Script(NamedTuple):
    """Three lists of statements, each in order; a comment begins with `--`."""

    drop: tuple[str, ...]
    """Dependents first."""
    change: tuple[str, ...]
    """What is done between, as a comment: the author fills it in."""
    recreate: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """What has to be changed by hand, or goes for good."""

    def text(self) -> str:
        """The script as a file."""
        parts = [f"-- {note}" for note in self.notes]
        for statements in (self.drop, self.change, self.recreate):
            parts += ["", *statements] if parts else statements
        return "\n".join(parts) + "\n"


def script(
    catalog: Catalog,
    texts: Callable[[str], bytes],
    place: Callable[[str, int], str],
    entity: Entity,
    column: str | None,
    action: Action,
    found: tuple[Dependent, ...],
) -> Script:
    """The statements that make room for an action on an object or a column and put back what was in the way."""
    return _Writer(catalog, texts, place).write(entity, column, action, found)


class _Writer:
    def __init__(
        self, catalog: Catalog, texts: Callable[[str], bytes], place: Callable[[str, int], str]
    ) -> None:
        self.catalog = catalog
        self.place = place
        self.search = Search(catalog)
        self.pieces = Pieces(catalog, texts)

    def write(
        self, entity: Entity, column: str | None, action: Action, found: tuple[Dependent, ...]
    ) -> Script:
        order = self._order([item for item in self._complete(found) if not item.never])
        first: list[str] = []
        last: dict[int, str] = {}
        for item in reversed(order):
            made, after = self._create(item)
            if action is Action.DROP and item.needs is entity:
                first.append(f"-- {item.identity} names {item.on}: change it before it is made again")
            first += [text for text in made if text not in first or "search_path" in text]
            last.update(after)
        return Script(
            tuple(self._drop(item) for item in order),
            (f"-- change: {_change(entity, column, action)}",),
            (*first, *(last[rank] for rank in sorted(last))),
            (*self._notes(found, action), *self._views(order)),
        )

    def _complete(self, found: tuple[Dependent, ...]) -> list[Dependent]:
        """What blocks the action, or blocks making again what the action blocks; users of rows first.

        Adding a generated column rewrites its table, which the users of its row type forbid: they go before
        all else and come back after all else.
        """
        blocking = {id(item.entity): item for item in found if item.how is How.BLOCKS}
        for item in list(blocking.values()):
            if isinstance(item.entity, Column) and item.entity.generated:
                users = self.search.users_of_rows(item.entity.table)
                blocking |= {id(user.entity): user for user in users if id(user.entity) not in blocking}
        return sorted(blocking.values(), key=lambda item: not _is_row(item.entity))

    def _order(self, items: list[Dependent]) -> list[Dependent]:
        """Dependents before what they depend on."""
        by_entity = {id(item.entity): item for item in items}
        done: dict[int, Dependent] = {}
        entered: set[int] = set()

        def visit(item: Dependent) -> None:
            if id(item.entity) in entered:
                return
            entered.add(id(item.entity))
            owner, column = _as_subject(item.entity)
            for above in self.search.direct(owner, column):
                if id(above.entity) in by_entity:
                    visit(by_entity[id(above.entity)])
            done[id(item.entity)] = item

        for item in items:
            visit(item)
        return list(done.values())

    # -- dropping ----------------------------------------------------------------------------------

    def _drop(self, item: Dependent) -> str:
        entity: Any = item.entity
        if isinstance(entity, Generic) and entity.what == "publication":
            return f"ALTER PUBLICATION {quote_identifier(entity.name)} DROP TABLE {_name(item.needs)};"
        if isinstance(entity, Column):
            action = "DROP COLUMN" if entity.generated or entity.default is None else "ALTER COLUMN"
            tail = "" if action == "DROP COLUMN" else " DROP DEFAULT"
            return f"ALTER TABLE {_name(entity.table)} {action} {quote_identifier(entity.name)}{tail};"
        if isinstance(entity, Constraint):
            return f"ALTER TABLE {_name(entity.table)} DROP CONSTRAINT {quote_identifier(entity.name)};"
        if isinstance(entity, Trigger | Policy | RuleEntry):
            kind = entity.kind.upper()
            return f"DROP {kind} {quote_identifier(entity.name)} ON {_name(entity.table)};"
        return f"DROP {_keyword(entity)} {_name(entity)}{_signature(entity)};"

    # -- making again ------------------------------------------------------------------------------

    def _create(self, item: Dependent) -> tuple[list[str], list[tuple[int, str]]]:
        """The statements that make an object, and those that come when everything is there."""
        entity: Any = item.entity
        if isinstance(entity, Column):
            return self._column(entity), []
        if isinstance(entity, Constraint):
            return [self.pieces.constraint(entity)], []
        if isinstance(entity, View | Function | Sequence | Table):
            before, after = followers(self.catalog, self.pieces, entity)
            return [*self.pieces.definition(entity), *before], after
        text = self.pieces.statement(entity.path, entity.span.start)
        if isinstance(entity, Generic) and entity.what == "publication" and isinstance(item.needs, Table):
            return [self.pieces.published(entity, item.needs)], []
        altered = self.pieces.altered(entity) if isinstance(entity, Policy | Trigger | RuleEntry) else []
        return [text, *altered], []

    def _column(self, column: Column) -> list[str]:
        table = _name(column.table)
        if not column.generated and column.default is not None:
            name = quote_identifier(column.name)
            return [f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {self.pieces.default(column)};"]
        made = [f"ALTER TABLE {table} ADD COLUMN {self.pieces.element(column.path, column.fact.at)};"]
        for part in self.search.direct(column.table, column.name):
            if isinstance(part.entity, Index):
                made.append(self.pieces.statement(part.entity.path, part.entity.span.start))
            elif isinstance(part.entity, Constraint) and not part.entity.fact.inline:
                made.append(self.pieces.constraint(part.entity))
        return [*made, *self.pieces.comments_of(column)]

    # -- what no statement does --------------------------------------------------------------------

    def _notes(self, found: tuple[Dependent, ...], action: Action) -> Iterator[str]:
        for item in found:
            where = self.place(item.path, item.at)
            if item.how is How.BREAKS:
                doubt = "" if item.certain else "may use it and "
                fails = (
                    "may fail when it runs: look at it"
                    if action is Action.RETYPE
                    else "fails when it runs: change it"
                )
                yield f"{item.identity} {doubt}{fails} ({where})"
            elif item.how is How.GOES_TOO and not isinstance(item.needs, View):
                yield f"{item.identity} goes along ({where})"
            elif item.never:
                way = "ask for the parent" if item.kind == "inherited column" else "it takes a new table"
                yield f"{item.identity}: {way} ({where})"
            elif item.how is How.BLOCKS and not item.certain:
                yield f"{item.identity} may use it, and is made again to be sure ({where})"
            elif item.how is How.BLOCKS and _loses(item.entity):
                yield f"{item.identity} loses its rows when it is dropped ({where})"

    def _views(self, order: list[Dependent]) -> Iterator[str]:
        """Views that the text of today would make otherwise than they are."""
        for item in order:
            view = item.entity
            if not isinstance(view, View) or view.query is None:
                continue
            where = self.place(view.path, view.span.start)
            if any(
                o.column is not None and o.column.name == "*"
                for q in nested_queries(view.query)
                for o in q.outputs
            ):
                yield f"{item.identity} is written with *: it takes the columns of today ({where})"
            old = self.search.history.former_names(view)
            if old:
                yield f"{item.identity} names {', '.join(sorted(old))}, renamed since: change it first ({where})"


def _is_row(entity: Entity) -> bool:
    return isinstance(entity, Column) and not entity.generated and entity.default is None


def _loses(entity: Entity) -> bool:
    return _is_row(entity) or isinstance(entity, Table)


def _as_subject(entity: Entity) -> tuple[Entity, str | None]:
    if isinstance(entity, Column) and (entity.generated or entity.default is None):
        return entity.table, entity.name
    return entity, None


def _change(entity: Any, column: str | None, action: Action) -> str:
    if column is not None:
        table, name = _name(entity), quote_identifier(column)
        if action is Action.DROP:
            return f"ALTER TABLE {table} DROP COLUMN {name};"
        if action is Action.RENAME:
            return f"ALTER TABLE {table} RENAME COLUMN {name} TO …;"
        return f"ALTER TABLE {table} ALTER COLUMN {name} TYPE …;"
    if isinstance(entity, Constraint | Trigger | Policy | RuleEntry):
        return f"{entity.kind} {entity.name} ON {_name(entity.table)}"
    if action is Action.DROP:
        return f"DROP {_keyword(entity)} {_name(entity)}{_signature(entity)};"
    return f"ALTER {_keyword(entity)} {_name(entity)}{_signature(entity)} {'RENAME TO' if action is Action.RENAME else 'ALTER'} …;"


def _name(entity: Any) -> str:
    return str(ObjectName(entity.schema, entity.name))


def _keyword(entity: Any) -> str:
    if isinstance(entity, Generic):
        return entity.what.upper()
    if isinstance(entity, Table) and entity.fact.foreign:
        return "FOREIGN TABLE"
    if getattr(entity, "form", "") == "domain":
        return "DOMAIN"
    return str(entity.kind).replace("_", " ").upper()


def _signature(entity: Any) -> str:
    if isinstance(entity, Function) or (isinstance(entity, Generic) and entity.what == "aggregate"):
        return f"({entity.signature})"
    return ""
