"""FROM items: what each makes visible, and how joins merge columns."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlglot import exp

from confiture_linter.catalog import Table, View
from confiture_linter.catalog.entities import Function
from confiture_linter.graph.lineage_names import function_name, name_of
from confiture_linter.graph.lineage_outputs import Outputs, renamed
from confiture_linter.graph.lineage_values import Derivation, Step, nearest

if TYPE_CHECKING:
    from confiture_linter.graph.lineage_select import Reader

FULL_JOIN = "query:full join"
"""What a column of FULL JOIN … USING is called: it is made of both sides."""
Make = Callable[[], Step]
Visible = tuple[str, Make]


class Item(NamedTuple):
    """One FROM item."""

    alias: str
    schema: str
    """Of a relation without an alias, which may be used to qualify; else empty."""
    columns: tuple[Visible, ...] | None
    reason: str = ""
    """Why the columns are not known, or why there may be more than these."""
    scalar: bool = False
    """Whether its alias is also the name of its only column: a function."""


class Frame(NamedTuple):
    """The FROM clause of one level."""

    items: tuple[Item, ...]
    columns: tuple[Visible, ...]
    """Columns that a plain name and `*` see, merged by USING and NATURAL; those that are known."""
    reason: str = ""
    """Why more columns may be visible than `columns`."""

    def star(self, qualifier: str) -> tuple[Visible, ...] | str:
        """The columns of `*` or `qualifier.*`, or why they are not known."""
        if not qualifier:
            return self.reason or self.columns
        for item in self.items:
            if item.alias == qualifier:
                return item.reason or item.columns or ()
        return f"no FROM item is called {qualifier}"

    def find(self, schema: str, qualifier: str, name: str) -> list[Step] | str | None:
        """What a name means here; None if it means nothing here, a reason if that is not known."""
        if qualifier:
            for item in self.items:
                if item.alias == qualifier and (not schema or item.schema in ("", schema)):
                    return _of(item, name)
            return None
        if name == "*":
            return self.reason or [make() for _, make in self.columns]
        for visible, make in self.columns:
            if visible == name:
                return [make()]
        for item in self.items:
            if item.alias == name:
                return _of(item, "*")
        return self.reason or None


def _of(item: Item, name: str) -> list[Step] | str:
    if name == "*":
        return item.reason or [make() for _, make in item.columns or ()]
    for visible, make in item.columns or ():
        if visible == name:
            return [make()]
    return item.reason or f"{item.alias} has no column {name}"


_NOTHING = Frame((), ())


class From:
    """Reads the FROM clause of one SELECT."""

    def __init__(self, reader: "Reader", outer: tuple[Frame, ...], ctes: dict[str, Outputs]) -> None:
        self.reader = reader
        self.outer = outer
        self.ctes = ctes

    def of(self, select: Any) -> Frame:
        """All items; a comma ends a group of joins."""
        clause = select.args.get("from_")
        if clause is None:
            return _NOTHING
        done, current = _NOTHING, self._item(clause.this, _NOTHING)
        for join in [*(select.args.get("joins") or ()), *(select.args.get("laterals") or ())]:
            if not isinstance(join, exp.Join) or _is_comma(join):
                done = _beside(done, current)
                right = join.this if isinstance(join, exp.Join) else join
                current = self._item(right, done)
            else:
                current = self._join(current, join, done)
        return _beside(done, current)

    def _join(self, left: Frame, join: Any, before: Frame) -> Frame:
        right = self._item(join.this, _beside(before, left))
        names = [name_of(column) for column in join.args.get("using") or ()]
        items = (*left.items, *right.items)
        condition = join.args.get("on")
        if condition is not None:
            self.reader.conditions.append((condition, (_beside(left, right), before, *self.outer), self.ctes))
        reason = left.reason or right.reason
        if join.method.upper() == "NATURAL":
            if reason:
                return Frame(items, (), reason)
            names = [name for name, _ in left.columns if name in dict(right.columns)]
        if not names:
            return Frame(items, (*left.columns, *right.columns), reason)
        lefts, rights = dict(left.columns), dict(right.columns)
        merged: list[Visible] = []
        for name in names:
            makes = [side[name] for side in (lefts, rights) if name in side]
            if len(makes) < 2:
                reason = reason or f"USING ({name}): not every side has it"
                continue
            self._note(makes)
            merged.append((name, self._merging(name, makes, join)))
        rest = [visible for side in (left, right) for visible in side.columns if visible[0] not in names]
        return Frame(items, (*merged, *rest), reason)

    def _note(self, makes: list[Make]) -> None:
        for make in makes:
            self.reader.used.update((source.relation, source.column) for source in nearest(make()))

    def _merging(self, name: str, makes: list[Make], join: Any) -> Make:
        side = join.side.upper()
        if side == "RIGHT":
            return makes[1]
        if side != "FULL":
            return makes[0]

        def both() -> Step:
            sources = tuple(make() for make in makes)
            place = self.reader.place(join, join)
            text = f"COALESCE of both sides of FULL JOIN … USING ({name})"
            return Step(FULL_JOIN, name, Derivation.EXPRESSION, *place, expression=text, sources=sources)

        return both

    def _item(self, node: Any, before: Frame) -> Frame:
        frame = self._primary(node, before)
        for join in node.args.get("joins") or ():
            frame = self._join(frame, join, before)
        return frame

    def _primary(self, node: Any, before: Frame) -> Frame:
        if isinstance(node, exp.Lateral):
            node = _with_alias(node)
        if isinstance(node, exp.Subquery | exp.Paren):
            inner = node.this
            if isinstance(inner, exp.Table) or (
                isinstance(inner, exp.Subquery) and not isinstance(_query(inner), exp.Query)
            ):
                return _aliased(self._item(inner, before), node.alias)
            found = self.reader.query(inner, (before, *self.outer), self.ctes)
            return _alone(self._query_item(node, found, _query_label(node)))
        if isinstance(node, exp.Values):
            return _alone(
                self._query_item(node, self.reader.query(node, (before, *self.outer), self.ctes), "")
            )
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            return _alone(self._named(node))
        return _alone(self._function(node, before))

    def _query_item(self, node: Any, found: Outputs, label: str) -> Item:
        alias, given = _alias(node)
        shown = renamed(found, given, label or f"query:{alias}")
        if shown.columns is None:
            return Item(alias, "", None, shown.reason)
        return Item(alias, "", tuple((column.name, column.step) for column in shown.columns))

    def _named(self, node: Any) -> Item:
        schema, name = name_of(node.args.get("db")), name_of(node.this)
        alias, given = _alias(node)
        if not schema and name in self.ctes:
            return self._query_item(node, self.ctes[name], f"with:{name}")._replace(alias=alias or name)
        tracer = self.reader.tracer
        relation = tracer.relation(schema, name)
        shown = "" if alias else (relation.schema if relation is not None else schema)
        written = f"{schema}.{name}" if schema else name
        if relation is None:
            return self._builtin(node, schema or "pg_catalog", name, alias or name) or Item(
                alias or name, shown, None, f"the tree has no relation {written}"
            )
        columns = tracer.columns(relation)
        reason = ""
        if columns is None:
            reason = f"the columns of {relation.identity} are not known"
            if not isinstance(relation, Table) or given:
                return Item(alias or name, shown, None, reason)
            columns = tuple(relation.columns)  # there may be more, but what it is known to have it has
        names = [*given, *columns[len(given) :]]
        pairs = zip(names, columns, strict=False)
        visible = tuple((new, self._traced(relation, old)) for new, old in pairs)
        return Item(alias or name, shown, visible, reason)

    def _builtin(self, node: Any, schema: str, name: str, alias: str) -> Item | None:
        """A relation of PostgreSQL itself."""
        columns = self.reader.tracer.catalog.builtin.relation(schema, name)
        place = self.reader.place(node, node)

        def stored(column: str) -> Make:
            return lambda: Step(f"table:{schema}.{name}", column, Derivation.COLUMN, *place)

        made = tuple((column.name, stored(column.name)) for column in columns)
        return Item(alias, schema, made) if made else None

    def _traced(self, relation: Table | View, column: str) -> Make:
        return lambda: self.reader.tracer.source(relation, column)

    def _function(self, node: Any, before: Frame) -> Item:
        """A function, UNNEST or ROWS FROM: every column is made of all arguments."""
        alias, given = _alias(node)
        calls = [t.this for t in node.args.get("rows_from") or ()] or [
            node if isinstance(node, exp.Unnest) else node.this
        ]
        inner = calls[0]
        names = given or (self._columns(inner) if len(calls) == 1 else [])
        if isinstance(node, exp.Unnest) and node.args.get("offset") is not None:
            offset = node.args["offset"]
            names = [*names, name_of(offset) if isinstance(offset, exp.Identifier) else "ordinality"]
        called = "unnest" if isinstance(inner, exp.Unnest) else _called(inner)[1]
        alias = alias or called
        if not names:
            if len(calls) > 1 or self._composite(inner):
                return Item(alias, "", None, f"the columns of {called}(…) are not known")
            names = [alias]
        frames = (before, *self.outer)

        def column(name: str) -> Make:
            def make() -> Step:
                found: list[Step] = []
                opaque: set[str] = set()
                for call in calls:
                    sources, functions = self.reader.inputs(call, frames, self.ctes)
                    found += sources
                    opaque.update(functions)
                place = self.reader.place(node, node)
                return Step(
                    f"query:{alias}",
                    name,
                    Derivation.EXPRESSION,
                    *place,
                    expression=", ".join(call.sql("postgres") for call in calls),
                    opaque=tuple(sorted(opaque)),
                    sources=tuple(dict.fromkeys(found)),
                )

            return make

        if node.args.get("ordinality"):
            names = names if given and len(given) > 1 else [*names, "ordinality"]
        return Item(alias, "", tuple((name, column(name)) for name in names))

    def _columns(self, call: Any) -> list[str]:
        """Names of the columns that a function returns, where it has names for them."""
        if isinstance(call, exp.Unnest):
            return []
        schema, name = _called(call)
        catalog = self.reader.tracer.catalog
        for entity in catalog.overloads(schema, name, catalog.default_path):
            if isinstance(entity, Function):
                named = [a.name for a in entity.fact.arguments if a.mode in "obt" and a.name]
                if named:
                    return named
                returned = entity.fact.returns
                relation = returned and self.reader.tracer.relation(returned.schema, returned.name)
                if relation:
                    return list(self.reader.tracer.columns(relation) or ())
        for function in catalog.builtin.functions(name) if not schema else ():
            if function.columns:
                return [column.name for column in function.columns]
        return []

    def _composite(self, call: Any) -> bool:
        """Whether a function returns rows whose columns are not known: record, or a composite type."""
        if isinstance(call, exp.Unnest):
            return False
        schema, name = _called(call)
        catalog = self.reader.tracer.catalog
        mine = catalog.overloads(schema, name, catalog.default_path)
        for entity in mine:
            if isinstance(entity, Function) and entity.fact.returns is not None:
                returned = entity.fact.returns
                return returned.name == "record" or not catalog.builtin.has_type(returned.name)
        return not mine and any(f.returns == "record" for f in catalog.builtin.functions(name))


def _is_comma(join: Any) -> bool:
    return not (join.args.get("on") or join.args.get("using") or join.kind or join.side or join.method)


def _beside(left: Frame, right: Frame) -> Frame:
    return Frame((*left.items, *right.items), (*left.columns, *right.columns), left.reason or right.reason)


def _alone(item: Item) -> Frame:
    return Frame((item,), item.columns or (), item.reason)


def _aliased(frame: Frame, alias: str) -> Frame:
    """A join in parentheses with an alias hides what is in it."""
    if not alias:
        return frame
    known = None if frame.reason else frame.columns
    return Frame((Item(alias, "", known, frame.reason),), frame.columns, frame.reason)


def _with_alias(lateral: Any) -> Any:
    """The sub-query or call of LATERAL under its alias."""
    inner = lateral.this
    if isinstance(inner, exp.Subquery):
        made = inner.copy()
        made.set("alias", lateral.args.get("alias"))
        return made
    return exp.Table(
        this=inner.copy(),
        alias=lateral.args.get("alias"),
        ordinality=lateral.args.get("ordinality"),
    )


def _query(node: Any) -> Any:
    while isinstance(node, exp.Subquery | exp.Paren):
        node = node.this
    return node


def _query_label(node: Any) -> str:
    return f"query:{_alias(node)[0]}"


def _alias(node: Any) -> tuple[str, list[str]]:
    """The alias of a FROM item and the names it gives to columns."""
    alias = node.args.get("alias")
    if alias is None:
        return "", []
    return name_of(alias.this) if alias.this is not None else "", [
        name_of(c) for c in alias.args.get("columns") or ()
    ]


def _called(node: Any) -> tuple[str, str]:
    if isinstance(node, exp.Dot):
        return function_name(node.expression)
    return function_name(node)
