"""Types of expressions on the stage: whether the functions and operators that a query calls take what it gives them.

Only where that hangs on the order of files: the tree makes the function, or a column has several types in its history.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.candidates import Candidates
from confiture_linter.catalog.kinds import Kinds
from confiture_linter.catalog.output_types import OutputTypes, Types
from confiture_linter.catalog.overloads import Candidate, Chosen
from confiture_linter.catalog.term_types import Scope, TermTypes
from confiture_linter.graph.makers import Makers, Step
from confiture_linter.graph.mentioned import nested, typed_columns
from confiture_linter.graph.stage import Stage, Stop, Thing, label
from confiture_linter.graph.stage_columns import StageShapes
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Query, Source, Statement, Term, TypeName


class StageCandidates(Candidates):
    """The functions that are on the stage now."""

    def __init__(self, catalog: Catalog, kinds: Kinds, stage: Stage) -> None:
        super().__init__(catalog, kinds)
        self.stage = stage

    def version(self, term: Term) -> Hashable:
        """The definitions that are on the stage."""
        if term.kind == "operator":
            return None
        made = self.stage.all_of("routine", term.schema, term.name)
        return tuple(id(thing.shape[2]) if thing.shape else 0 for thing in made)

    def own(self, schema: str, name: str) -> list[Candidate] | None:
        """None where an aggregate is among them."""
        found: list[Candidate] = []
        for thing in self.stage.all_of("routine", schema, name):
            if not thing.shape:
                return None
            found.append(self.declared(thing.shape[2].fact))
        return found


class StageTerms(TermTypes):
    """Raises `Stop` for a call that PostgreSQL would refuse now, and perhaps not at another time."""

    def __init__(self, catalog: Catalog, stage: Stage, makers: Makers, several: Collection[str]) -> None:
        super().__init__(catalog)
        self.candidates = StageCandidates(catalog, self.kinds, stage)
        self.makers = makers
        self.several = several
        """Names of columns that have several types, at one time or another."""
        self.tables: tuple[str, ...] = ()
        """Tables of the query that is looked at."""
        self.silent = False
        """Whether only types are asked for."""

    def of(self, term: Term, scope: Scope) -> TypeName | None:
        """The type of a term; conditions in it are looked at, too."""
        for part in term.also:
            self.of(part, scope)
        return super().of(term, scope)

    def chosen(self, term: Term, scope: Scope) -> Chosen | None:
        """The function or operator that a call means."""
        found = super().chosen(term, scope)
        if found is not None and found.refused and not self.silent:
            made = term.kind == "call" and bool(self.makers.of("routine", term.schema, term.name))
            columns = [name for name in columns_of(term) if name in self.several]
            names = [label("column", name, table) for name in columns for table in self.tables]
            if made:
                names.append(label("routine", term.name))
            if names:
                raise Stop(*names)
        return found


class StageTypes(OutputTypes):
    """Types of the relations that are on the stage now."""

    def __init__(
        self, catalog: Catalog, shapes: StageShapes, makers: Makers, all_steps: Sequence[Step]
    ) -> None:
        super().__init__(catalog, shapes)
        self.stage = shapes.stage
        self.makers = makers
        self.several = frozenset(_several_types(all_steps))
        self.terms: StageTerms = StageTerms(catalog, self.stage, makers, self.several)
        self._concerned: dict[int, bool] = {}
        self._of_views: dict[int, Types] = {}

    def check(self, statement: Statement, queries: Iterable[Query]) -> None:
        """Raises `Stop` where a call in the outputs of queries cannot be resolved now."""
        queries = tuple(queries)
        if not self._hangs_on_order(statement, queries):
            return
        self._of_views.clear()
        self.terms.tables = tuple(
            dict.fromkeys(
                source.name
                for query in nested(queries)
                for source in (*query.sources, *((query.target,) if query.target is not None else ()))
                if source.kind == "relation"
            )
        )
        for query in queries:
            self.query(query, {}, ())
            if query.evaluated:
                scope = self.scope(query)
                for term in query.evaluated:
                    self.terms.of(term, scope)

    def retyped(self, view: Thing, statement: Statement) -> bool:
        """Whether a view would get another type for a column that it has, which OR REPLACE may not give it."""
        if view.made is None or not statement.queries:
            return False
        self._of_views.clear()
        self.terms.silent = True
        old, new = self._of_view(view), self.query(statement.queries[0], {}, ())
        self.terms.silent = False
        kinds = self.terms.kinds
        return any(kinds.of(old[name]) != kinds.of(kind) for name, kind in new.items() if name in old)

    def _hangs_on_order(self, statement: Statement, queries: tuple[Query, ...]) -> bool:
        known = self._concerned.get(id(statement))
        if known is None:
            known = self._concerned[id(statement)] = any(
                (part.kind == "call" and bool(self.makers.of("routine", part.schema, part.name)))
                or (part.kind == "column" and part.name in self.several)
                for query in nested(queries)
                for term in _terms_of(query)
                for part in parts_of(term)
            )
        return known

    def named(self, source: Source) -> Types:
        """The columns of the relation that an item of FROM names."""
        thing = self.stage.find("relation", source.schema, source.name)
        if thing is None:
            return self._system(source)
        if thing.kind in ("view", "materialized view"):
            return self._of_view(thing)
        columns = (part for part in thing.parts.values() if part.family == "column" and part.alive)
        return {part.name: part.shape for part in columns if part.shape is not None}

    def _of_view(self, view: Thing) -> Types:
        known = self._of_views.get(id(view))
        if known is None:
            self._of_views[id(view)] = {}
            made = view.made
            found = self.query(made.queries[0], {}, ()) if made is not None and made.queries else {}
            names = made.fact.columns if made is not None and type(made.fact) is f.CreateView else ()
            known = self._of_views[id(view)] = {} if names else found
        return known


def _several_types(all_steps: Iterable[Step]) -> Iterator[str]:
    """Columns that somebody makes with one type, and somebody with another."""
    types: dict[tuple[str, str], set[tuple[str, bool]]] = {}
    for step in all_steps:
        for table, column, written in typed_columns(step.statement.fact):
            types.setdefault((table, column), set()).add((written.name, written.array))
    return (column for (_, column), kinds in types.items() if len(kinds) > 1)


def _terms_of(query: Query) -> Iterator[Term]:
    """What a query returns, sets and asks, and what functions in FROM are given."""
    yield from query.evaluated
    yield from (output.term for output in query.outputs if output.term is not None)
    for source in query.sources:
        yield from source.terms


def parts_of(term: Term) -> Iterator[Term]:
    """A term and everything in it."""
    yield term
    for part in (*term.parts, *term.also):
        yield from parts_of(part)


def columns_of(term: Term) -> list[str]:
    """Names of the columns in a term."""
    return list(dict.fromkeys(part.name for part in parts_of(term) if part.kind == "column"))


__all__ = ["StageTypes", "columns_of", "parts_of"]
