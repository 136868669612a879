"""The functions and operators of one name that a tree can call: built-in ones, those of its extensions, and its own."""

from collections.abc import Hashable, Iterable, Iterator

from confiture_linter.catalog.builtin import BuiltinFunction
from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Function, Generic
from confiture_linter.catalog.kinds import RECORD, TEXT, Kind, Kinds
from confiture_linter.catalog.overloads import POLYMORPHIC, Candidate
from confiture_linter.statements.facts import CreateFunction, Term


class Candidates:
    """Gathers them; `own` may be replaced where what exists is known better than by the catalog."""

    def __init__(self, catalog: Catalog, kinds: Kinds) -> None:
        self.catalog = catalog
        self.kinds = kinds
        self._operators: dict[str, tuple[Candidate, ...] | None] = {}
        self._functions: dict[str, tuple[Candidate, ...]] = {}

    def functions(self, schema: str, name: str) -> list[Candidate] | None:
        """All that a call of the name may mean; None where not all are known."""
        found: list[Candidate] = []
        if schema in ("", "pg_catalog"):
            found += self._given(name)
        own = self.own(schema, name)
        return None if own is None else [*found, *own]

    def version(self, term: Term) -> Hashable:
        """What changes when other functions of a name are there."""
        return None

    def own(self, schema: str, name: str) -> list[Candidate] | None:
        """The functions and aggregates of the tree, and the constructors of its ranges."""
        span = self.catalog.type(schema, name, self.catalog.default_path)
        if span is not None and span.form == "range" and span.base is not None:
            over, made = self.kinds.of(span.base), Kind(span.schema, name)
            return [Candidate((over, over), made), Candidate((over, over, TEXT), made)]
        return [
            self.declared(each.fact)._replace(function=each)
            if isinstance(each, Function)
            else self._aggregate(each)
            for each in self.catalog.overloads(schema, name, self.catalog.default_path)
        ]

    def _aggregate(self, aggregate: Generic) -> Candidate:
        """It returns what its final function does, or the one that takes rows in."""
        of = aggregate.function if aggregate.function[1] else aggregate.state
        # One of its own name would be looked for in itself.
        known = bool(of[1]) and of[1] != aggregate.name
        returned = {each.returns for each in self.functions(*of) or ()} if known else {None}
        only = returned.pop() if len(returned) == 1 else None
        return Candidate(
            tuple(map(self.kinds.of, aggregate.arguments)),
            None if only is not None and only.name in POLYMORPHIC else only,
        )

    def declared(self, fact: CreateFunction) -> Candidate:
        """A function as it is declared."""
        kinds = self.kinds
        inputs = fact.inputs
        rows = [(each.name, kinds.of(each.type)) for each in fact.arguments if each.mode in "obt"]
        returns = kinds.of(fact.returns) if fact.returns is not None else None
        if rows:
            returns = RECORD if len(rows) > 1 else rows[0][1]
        return Candidate(
            tuple(kinds.of(argument.type) for argument in inputs),
            returns,
            sum(argument.default for argument in inputs),
            any(argument.mode == "v" for argument in inputs),
            tuple(rows) if len(rows) > 1 else (),
        )

    def _given(self, name: str) -> tuple[Candidate, ...]:
        known = self._functions.get(name)
        if known is None:
            builtin = self.catalog.builtin
            functions: list[BuiltinFunction] = [*builtin.functions(name)]
            for extension in builtin.extension_providing_function(name):
                contents = builtin.extension(extension) if extension in self.catalog.extensions else None
                functions += (each for each in contents.functions if each.name == name) if contents else ()
            known = self._functions[name] = tuple(self._candidates(functions))
        return known

    def _candidates(self, functions: Iterable[BuiltinFunction]) -> Iterator[Candidate]:
        for each in functions:
            arguments = tuple(map(self.kind, each.arguments))
            columns = tuple((column.name, self.kind(column.type)) for column in each.columns)
            returns = RECORD if len(columns) > 1 else self.kind(each.returns)
            yield Candidate(arguments, returns, each.n_defaults, each.variadic, columns)

    def operators(self, name: str) -> tuple[Candidate, ...] | None:
        """All operators of a name; None where not all are known."""
        if name not in self._operators:
            self._operators[name] = self._all_operators(name)
        return self._operators[name]

    def _all_operators(self, name: str) -> tuple[Candidate, ...] | None:
        catalog = self.catalog
        if any(other.what == "operator" and other.name == name for other in catalog.others):
            return None
        operators = [*catalog.builtin.operators(name)]
        for extension in catalog.extensions:
            contents = catalog.builtin.extension(extension)
            if contents is None:
                return None
            operators += (each for each in contents.operators if each.name.rpartition(".")[2] == name)
        return tuple(
            Candidate(tuple(map(self.kind, filter(None, (each.left, each.right)))), self.kind(each.returns))
            for each in operators
        )

    def kind(self, name: str) -> Kind:
        """A type as the lists of built-in objects write it."""
        schema, _, name = name.rpartition(".")
        if schema == "information_schema":
            return Kind(schema, name)
        return Kind("", name[1:], array=True) if name.startswith("_") else Kind("", name)


__all__ = ["Candidates"]
