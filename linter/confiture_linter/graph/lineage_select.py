"""One query level of sqlglot's tree: its FROM items, its outputs, and the columns its expressions name."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from confiture_linter.graph.lineage_from import FULL_JOIN, Frame, From
from confiture_linter.graph.lineage_names import (
    clauses,
    function_name,
    name_of,
    named_window,
    output_name,
    own_parts,
)
from confiture_linter.graph.lineage_outputs import Output, Outputs, renamed
from confiture_linter.graph.lineage_text import Excerpt
from confiture_linter.graph.lineage_values import Derivation, Place, Step, merged, unknown

if TYPE_CHECKING:
    from confiture_linter.graph.lineage import Tracer


Scope = dict[str, Outputs]
Frames = tuple[Frame, ...]
_LITERALS = (exp.Literal, exp.Null, exp.Boolean, exp.Cast, exp.Array, exp.Neg, exp.Paren, exp.Interval, exp.Tuple,
             exp.DataType, exp.Identifier, exp.Var, exp.Alias, exp.DPipe)  # fmt: skip
_SYSTEM = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})
_WORDS = frozenset({"current_catalog", "current_date", "current_role", "current_schema", "current_time",
                    "current_timestamp", "current_user", "localtime", "localtimestamp", "session_user", "user",
                    "system_user"})  # fmt: skip


class Reader:
    """Reads one parsed query."""

    def __init__(self, tracer: "Tracer", piece: Excerpt, path: str, variables: frozenset[str]) -> None:
        self.tracer = tracer
        self.piece = piece
        self.path = path
        self.variables = variables
        self.used: set[tuple[str, str]] = set()
        """Columns of relations that joins equate by name."""
        self.conditions: list[tuple[Any, Frames, Scope]] = []
        """ON clauses, and what they see."""
        self._levels: list[tuple[Any, Frames, Scope, Outputs]] = []

    # -- queries -----------------------------------------------------------------------------------

    def query(self, node: Any, outer: Frames, ctes: Scope) -> Outputs:
        """What a query returns."""
        while isinstance(node, exp.Subquery | exp.Paren) and not node.args.get("with_"):
            node = node.this
        scope = self._with(node, outer, ctes)
        if isinstance(node, exp.Subquery):
            return self.query(node.this, outer, scope)
        if isinstance(node, exp.SetOperation):
            return self._union(node, outer, scope)
        if isinstance(node, exp.Values):
            return self._values(node, outer, scope)
        if isinstance(node, exp.Select):
            frame = From(self, outer, scope).of(node)
            frames = (frame, *outer)
            outputs = self._select(node, frames, scope)
            self._levels.append((node, frames, scope, outputs))
            return outputs
        return Outputs(None, f"{type(node).__name__.upper()} is not followed")

    def _with(self, node: Any, outer: Frames, ctes: Scope) -> Scope:
        clause = node.args.get("with_")
        if clause is None:
            return ctes
        scope = dict(ctes)
        for cte in clause.expressions:
            name = name_of(cte.args["alias"].this)
            given = [name_of(column) for column in cte.args["alias"].columns]
            inner = dict(scope)
            if clause.args.get("recursive"):
                inner[name] = self._recursive(cte, name, given, outer, scope)
            found = self.query(cte.this, outer, inner)
            scope[name] = renamed(found, given, f"with:{name}")
        return scope

    def _recursive(self, cte: Any, name: str, given: list[str], outer: Frames, scope: Scope) -> Outputs:
        """What a recursive query sees of itself: the columns of its first branch."""
        node = cte.this
        while isinstance(node, exp.Subquery | exp.Paren):
            node = node.this
        if not isinstance(node, exp.SetOperation):
            return Outputs(None, f"{name} names itself outside a UNION")
        quiet = Reader(self.tracer, self.piece, self.path, self.variables)
        first = quiet.query(node.left, outer, scope)
        return renamed(first, given, f"with:{name}")

    def _union(self, node: Any, outer: Frames, scope: Scope) -> Outputs:
        left, right = self.query(node.left, outer, scope), self.query(node.right, outer, scope)
        if left.columns is None or right.columns is None:
            return Outputs(None, left.reason or right.reason)
        if len(left.columns) != len(right.columns):
            return Outputs(None, "the branches of a set operation have different columns")
        if isinstance(node, exp.Except):
            return left
        pairs = zip(left.columns, right.columns, strict=True)
        return Outputs(tuple(Output(one.name, _both(one, other)) for one, other in pairs))

    def _values(self, node: Any, outer: Frames, scope: Scope) -> Outputs:
        rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions]
        columns = zip(*rows, strict=False)
        return Outputs(
            tuple(
                Output(f"column{number}", self._merging(cells, outer, scope))
                for number, cells in enumerate(columns, 1)
            )
        )

    def _merging(self, cells: Iterable[Any], frames: Frames, scope: Scope) -> Callable[[], Step]:
        return lambda: merged([self.step(cell, "", frames, scope) for cell in cells])

    def _select(self, node: Any, frames: Frames, scope: Scope) -> Outputs:
        found: list[Output] = []
        for item in node.expressions:
            inner = item.this if isinstance(item, exp.Alias) else item
            if isinstance(inner, exp.Star) or (isinstance(inner, exp.Column) and inner.is_star):
                place = self.place(inner, item)
                starred = frames[0].star(name_of(inner.args.get("table")) if "table" in inner.args else "")
                if isinstance(starred, str):
                    return Outputs(None, starred)
                found += [Output(name, _passing(name, make, place)) for name, make in starred]
            elif isinstance(inner, exp.Dot) and isinstance(inner.expression, exp.Star):
                return Outputs(None, f"{inner.sql('postgres')} expands a composite value")
            else:
                name = output_name(item)
                found.append(Output(name, self._stepping(item, name, frames, scope)))
        return Outputs(tuple(found))

    def _stepping(self, item: Any, name: str, frames: Frames, scope: Scope) -> Callable[[], Step]:
        return lambda: self.step(item, name, frames, scope)

    # -- expressions -------------------------------------------------------------------------------

    def step(self, item: Any, name: str, frames: Frames, scope: Scope) -> Step:
        """What one expression makes."""
        node = item.this if isinstance(item, exp.Alias) else item
        place = self.place(node, item)
        while isinstance(node, exp.Paren):
            node = node.this
        if isinstance(node, exp.Column) and not node.is_star:
            sources = self.column(node, frames)
            if len(sources) == 1 and sources[0].relation == FULL_JOIN:
                return sources[0]._replace(relation="", column=name)
            if len(sources) == 1 and (sources[0].relation or sources[0].how is not Derivation.UNKNOWN):
                how = Derivation.CONSTANT if sources[0].how is Derivation.CONSTANT else Derivation.IDENTITY
                kept = () if how is Derivation.CONSTANT else tuple(sources)
                return Step(
                    "", name, how, *place, expression="" if kept else node.sql("postgres"), sources=kept
                )
            if len(sources) == 1:
                return unknown(sources[0].reason, place, "", name)
        if isinstance(node, exp.Subquery) and not node.args.get("joins"):
            inner = self.query(node, frames, scope)
            if inner.columns is None:
                return unknown(inner.reason, place, "", name)
            if len(inner.columns) == 1:
                return inner.columns[0].step()._replace(column=name, file=place.file, line=place.line)
        opaque: set[str] = set()
        nested: list[Step] = []
        sources = list(dict.fromkeys(self._inputs(node, frames, scope, opaque, nested)))
        how = self._how(node, sources, nested)
        return Step(
            "",
            name,
            how,
            *place,
            expression=node.sql("postgres"),
            opaque=tuple(sorted(opaque)),
            sources=tuple(sources),
        )

    def _how(self, node: Any, sources: list[Step], nested: list[Step]) -> Derivation:
        own = list(own_parts(node))
        if any(self._aggregates(part) for part in own) or any(
            step.how is Derivation.AGGREGATE for step in nested
        ):
            return Derivation.AGGREGATE
        if not sources and not nested and all(isinstance(part, _LITERALS) for part in own):
            return Derivation.CONSTANT
        return Derivation.EXPRESSION

    def _aggregates(self, node: Any) -> bool:
        if isinstance(node, exp.AggFunc | exp.Window | exp.WithinGroup | exp.Filter):
            return True
        if isinstance(node, exp.Func) and not isinstance(node, exp.Cast):
            schema, name = function_name(node)
            builtin = self.tracer.catalog.builtin.functions(name) if schema in ("", "pg_catalog") else ()
            if any(function.kind in "aw" for function in builtin):
                return True
            mine = self.tracer.catalog.overloads(schema, name, self.tracer.catalog.default_path)
            return any(getattr(entity, "what", "") == "aggregate" for entity in mine)
        return False

    def _inputs(
        self, node: Any, frames: Frames, scope: Scope, opaque: set[str], nested: list[Step]
    ) -> Iterator[Step]:
        """The columns that an expression is made of; those of a sub-query are what it returns."""
        if isinstance(node, exp.Column):
            yield from self.column(node, frames)
            return
        if isinstance(node, exp.Exists) or (isinstance(node, exp.In) and node.args.get("query")):
            if isinstance(node, exp.In):
                yield from self._inputs(node.this, frames, scope, opaque, nested)
            yield from self._whole(node.args.get("query") or node.this, frames, scope)
            return
        if isinstance(node, exp.Query | exp.Values) or (
            isinstance(node, exp.Subquery) and isinstance(node.this, exp.Query)
        ):
            inner = self.query(node, frames, scope)
            if inner.columns is None:
                yield unknown(inner.reason, self.place(node, node))
            for output in inner.columns or ():
                step = output.step()
                nested.append(step)
                opaque.update(step.opaque)
                if step.how is Derivation.UNKNOWN:
                    yield step
                yield from step.sources
            return
        if isinstance(node, exp.Window) and node.args.get("alias") is not None:
            yield from self._inputs(named_window(node), frames, scope, opaque, nested)
        if isinstance(node, exp.Func):
            opaque.update(self.functions(node))
        if isinstance(node, exp.Dot) and isinstance(node.this, exp.Identifier):
            yield from self._inputs(node.expression, frames, scope, opaque, nested)
            return
        for child in node.iter_expressions():
            if not isinstance(child, exp.DataType):
                yield from self._inputs(child, frames, scope, opaque, nested)

    def inputs(self, node: Any, frames: Frames, scope: Scope) -> tuple[list[Step], tuple[str, ...]]:
        """The columns that go into an expression, and the user functions it calls."""
        opaque: set[str] = set()
        found = list(dict.fromkeys(self._inputs(node, frames, scope, opaque, [])))
        return found, tuple(sorted(opaque))

    def _whole(self, node: Any, frames: Frames, scope: Scope) -> Iterator[Step]:
        """Every column that a sub-query names anywhere: whether it has rows depends on all of them."""
        inner = Reader(self.tracer, self.piece, self.path, self.variables)
        inner.query(node, frames, scope)
        for step in inner.everything():
            yield from step.sources or ((step,) if step.how is Derivation.UNKNOWN else ())
        self.used |= inner.used

    def everything(self) -> Iterator[Step]:
        """A step for every expression of every level, whatever the clause."""
        done = 0
        while done < len(self._levels):
            node, frames, scope, outputs = self._levels[done]
            done += 1
            names = {output.name for output in outputs.columns or ()}
            for output in outputs.columns or ():
                yield output.step()
            for part in clauses(node):
                yield self._inside(part, frames, scope, names)
        for condition, frames, scope in self.conditions:
            yield self._inside(condition, frames, scope, set())

    def _inside(self, part: Any, frames: Frames, scope: Scope, names: set[str]) -> Step:
        """What a clause names; ORDER BY and GROUP BY may also name an output."""
        sources = tuple(
            source
            for source in self._inputs(part, frames, scope, set(), [])
            if source.how is not Derivation.UNKNOWN or source.column not in names
        )
        return Step("", "", Derivation.EXPRESSION, *self.place(part, part), sources=sources)

    def functions(self, node: Any) -> Iterator[str]:
        """The user functions that a call may mean."""
        schema, name = function_name(node)
        catalog = self.tracer.catalog
        for entity in catalog.overloads(schema, name, catalog.default_path):
            yield str(getattr(entity, "id", name))

    # -- names -------------------------------------------------------------------------------------

    def column(self, node: Any, frames: Frames) -> list[Step]:
        """What a name means: one column, or all columns of a row."""
        table = name_of(node.args.get("table"))
        schema = name_of(node.args.get("db"))
        name = "*" if node.is_star else name_of(node.this)
        place = self.place(node, node)
        reasons: list[str] = []
        for frame in frames:
            found = frame.find(schema, table, name)
            if isinstance(found, str):
                reasons.append(found)
                break
            if found is not None:
                return found
        if not reasons and (table or name) in self.variables:
            return [unknown(f"{table or name} is a variable of the function", place, "", name)]
        if not reasons and not table and name.lower() in _WORDS:
            return [Step("", name, Derivation.CONSTANT, *place)]
        if not reasons and name in _SYSTEM:
            return [unknown(f"{name} is a system column", place, "", name)]
        written = node.sql("postgres")
        return [unknown(reasons[0] if reasons else f"nothing here has a column {written}", place, "", name)]

    def place(self, node: Any, fallback: Any) -> Place:
        """Where an expression is written."""
        for tree in (node, fallback):
            starts = [part.meta["start"] for part in tree.walk() if "start" in part.meta]
            if starts:
                return self.tracer.place(self.path, self.piece.offset(min(starts)))
        return self.tracer.place(self.path, self.piece.start)


def _both(one: Output, other: Output) -> Callable[[], Step]:
    return lambda: merged([one.step(), other.step()])


def _passing(name: str, make: Callable[[], Step], place: Place) -> Callable[[], Step]:
    def step() -> Step:
        source = make()
        if source.how is Derivation.UNKNOWN and not source.relation:
            return unknown(source.reason, place, "", name)
        return Step("", name, Derivation.IDENTITY, *place, sources=(source,))

    return step
