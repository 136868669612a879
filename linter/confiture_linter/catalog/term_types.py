"""The type of an expression, from the types of its parts."""

from collections.abc import Callable, Hashable

from confiture_linter.catalog.candidates import Candidates
from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Table, View
from confiture_linter.catalog.kinds import BOOL, RECORD, UNKNOWN, Kind, Kinds
from confiture_linter.catalog.overloads import POLYMORPHIC, Chosen, Overloads
from confiture_linter.statements.facts import ColumnUse, Term, TypeName

_COMPARISONS = frozenset({"=", "<>", "!=", "<", "<=", ">", ">="})


class TermTypes:
    """Works types out within one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.kinds = Kinds(catalog)
        self.overloads = Overloads(self.kinds)
        self.candidates = Candidates(catalog, self.kinds)
        self._chosen: dict[tuple[str, str, str, tuple[Kind | None, ...], Hashable], Chosen] = {}

    def of(self, term: Term, scope: "Scope") -> TypeName | None:
        """The type of a term; None if it is not known, `unknown` for a constant that may be anything."""
        read = _READ.get(term.kind)
        return read(self, term, scope) if read is not None else None

    def common(self, types: list[TypeName | None]) -> TypeName | None:
        """What several become; a modifier stays if all have it."""
        known = [each for each in types if each is not None]
        if len(known) < len(types) or not known:
            return None
        kinds = [self.kinds.of(each) for each in known]
        found = self.kinds.common(kinds)
        if found is None:
            return None
        modifiers = {each.modifiers if kind == found else () for each, kind in zip(known, kinds, strict=True)}
        return found.written._replace(modifiers=modifiers.pop() if len(modifiers) == 1 else ())

    def chosen(self, term: Term, scope: "Scope") -> Chosen | None:
        """The function or operator that a call means; None where not all of that name are known."""
        kinds = self.given(term, scope)
        key = term.kind, term.schema, term.name, kinds, self.candidates.version(term)
        known = self._chosen.get(key)
        if known is None:
            known = self._choose(term, kinds)
            if known is None:
                return None
            self._chosen[key] = known
        return known

    def given(self, term: Term, scope: "Scope") -> tuple[Kind | None, ...]:
        """What a call is given; None for what is not known."""
        return tuple(self._kind(self.of(part, scope)) for part in term.parts)

    def _kind(self, written: TypeName | None) -> Kind | None:
        kind = None if written is None else self.kinds.of(written)
        return kind if kind is not None and self.kinds.exists(kind) else None

    def _choose(self, term: Term, kinds: tuple[Kind | None, ...]) -> Chosen | None:
        if term.kind in ("operator", "nullif"):
            operators = self.candidates.operators(term.name)
            return None if operators is None else self.overloads.operator(operators, kinds)
        functions = self.candidates.functions(term.schema, term.name)
        if functions is None:
            return None
        if term.kind == "named call":
            return self.overloads.named(functions)
        if term.kind == "variadic call":  # the array is given as it is
            functions = [each._replace(variadic=False) for each in functions if each.variadic]
        return self.overloads.function(functions, kinds)

    def _called(self, term: Term, scope: "Scope") -> TypeName | None:
        found = self.chosen(term, scope)
        if found is not None and found.returns is not None:
            return found.returns.written
        if term.kind == "operator":
            return BOOL.written if term.name in _COMPARISONS else None
        if len(term.parts) == 1 and not term.schema and self.catalog.builtin.has_type(term.name):
            return Kind("", term.name).written  # a type called like a function is a cast
        return None

    def _column(self, term: Term, scope: "Scope") -> TypeName | None:
        return scope.column(ColumnUse(term.schema, term.name, -1))

    def _cast(self, term: Term, scope: "Scope") -> TypeName | None:
        return self.catalog.resolved_type(term.type) if term.type is not None else None

    def _either(self, term: Term, scope: "Scope") -> TypeName | None:
        types = [self.of(part, scope) for part in term.parts]
        known = [each for each in types if each is not None and each.name != UNKNOWN.name]
        if None in types and known and self.kinds.category(self.kinds.of(known[0])) in ("E", "C"):
            types = list(known)  # nothing becomes one of these unasked
        return self.common(types)

    def _nullif(self, term: Term, scope: "Scope") -> TypeName | None:
        """What its first argument becomes to be compared (transformAExprNullIf)."""
        first = self.of(term.parts[0], scope)
        chosen = self.chosen(term, scope)
        if first is None or chosen is None or chosen.candidate is None:
            return first
        compared = chosen.candidate.arguments[0]
        return first if compared.name in POLYMORPHIC or compared == self.kinds.of(first) else compared.written

    def _array(self, term: Term, scope: "Scope") -> TypeName | None:
        found = self.common([self.of(part, scope) for part in term.parts])
        return None if found is None else found._replace(array=True)

    def _element(self, term: Term, scope: "Scope") -> TypeName | None:
        found = self.of(term.parts[0], scope)
        kind = None if found is None else self.kinds.base(self.kinds.of(found))
        if kind is None or found is None:
            return None
        if kind.array:
            return kind.element.written._replace(modifiers=found.modifiers)
        if kind.name == "jsonb" and not kind.schema:
            return kind.written
        fixed = (
            None if kind.schema else self.catalog.builtin.type(kind.name)
        )  # a point has two, a vector many
        return self.candidates.kind(fixed.related).written if fixed is not None and fixed.related else None

    def _field(self, term: Term, scope: "Scope") -> TypeName | None:
        of = self.of(term.parts[0], scope)
        kind = None if of is None else self.kinds.base(self.kinds.of(of))
        if kind == RECORD and term.parts[0].kind == "call":
            chosen = self.chosen(term.parts[0], scope)
            columns = (
                dict(chosen.candidate.columns) if chosen is not None and chosen.candidate is not None else {}
            )
            return columns[term.name].written if term.name in columns else None
        if kind is None or kind.array or not kind.schema:
            return None
        named = self.catalog.type(kind.schema, kind.name)
        if named is not None:
            attribute = named.attributes.get(term.name)
            return attribute.type if attribute is not None else None
        relation = self.catalog.relation(kind.schema, kind.name)
        if isinstance(relation, Table | View):
            return scope.of_relation(relation).get(term.name)
        return None

    def _query(self, term: Term, scope: "Scope") -> TypeName | None:
        found = scope.query(term.query)
        if term.kind == "array query" and found is not None:
            return found._replace(array=True)
        return found


class Scope:
    """Where the names of a term are looked up."""

    def __init__(
        self,
        column: Callable[[ColumnUse], TypeName | None],
        query: Callable[[int], TypeName | None],
        of_relation: Callable[[Table | View], dict[str, TypeName]],
    ) -> None:
        self.column = column
        self.query = query
        """The type of the one column of a sub-query, by its number."""
        self.of_relation = of_relation


_READ: dict[str, Callable[[TermTypes, Term, Scope], TypeName | None]] = {
    "column": TermTypes._column,
    "constant": lambda types, term, scope: Kind("", term.name).written,
    "typed": lambda types, term, scope: Kind("", term.name).written,
    "cast": TermTypes._cast,
    "call": TermTypes._called,
    "named call": TermTypes._called,
    "variadic call": TermTypes._called,
    "operator": TermTypes._called,
    "either": TermTypes._either,
    "nullif": TermTypes._nullif,
    "array": TermTypes._array,
    "element": TermTypes._element,
    "field": TermTypes._field,
    "query": TermTypes._query,
    "array query": TermTypes._query,
}

__all__ = ["Scope", "TermTypes"]
