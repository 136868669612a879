"""Which of several functions, or operators, of one name a call means.

PostgreSQL manual 10.2 "Operators" and 10.3 "Functions"; parse_func.c (func_select_candidate), parse_coerce.c
(enforce_generic_type_consistency).
"""

from collections.abc import Sequence
from typing import NamedTuple

from confiture_linter.catalog.entities import Function
from confiture_linter.catalog.kinds import UNKNOWN, Kind, Kinds


class Candidate(NamedTuple):
    """A function, or an operator, that a call may mean."""

    arguments: tuple[Kind, ...]
    returns: Kind | None
    """None where it is not known."""
    defaults: int = 0
    """How many of the last arguments may be left out."""
    variadic: bool = False
    """Whether the last argument, an array, takes any number of its elements."""
    columns: tuple[tuple[str, Kind], ...] = ()
    """Of the row it returns, if it returns one that has no type of its own."""
    function: Function | None = None
    """The one of the tree, if it is one."""

    def taking(self, count: int) -> "Candidate | None":
        """With as many arguments as a call has; None if it cannot have so many."""
        if self.variadic and count >= len(self.arguments):
            more = count - len(self.arguments) + 1
            last = self.arguments[-1]
            each = _ELEMENTS.get(last.name, last.element)
            return self._replace(arguments=(*self.arguments[:-1], *[each] * more), variadic=False)
        if len(self.arguments) - self.defaults <= count <= len(self.arguments):
            return self._replace(arguments=self.arguments[:count])
        return None


class Chosen(NamedTuple):
    """What a call means."""

    candidate: Candidate | None
    """None if no candidate takes the arguments, or several do."""
    returns: Kind | None
    """The type of the result; None where it is not known."""
    refused: bool = False
    """Whether PostgreSQL would say that there is no such function, or that it is not unique."""


_ELEMENTS = {"anyarray": Kind("", "anyelement"), "anycompatiblearray": Kind("", "anycompatible")}
_ONE = frozenset({"anyelement", "anynonarray", "anyenum"})
_SAME = _ONE | {"anyarray", "anyrange", "anymultirange"}
_ALIKE = frozenset({"anycompatible", "anycompatiblenonarray", "anycompatiblearray", "anycompatiblerange",
                    "anycompatiblemultirange"})  # fmt: skip
POLYMORPHIC = _SAME | _ALIKE
_MULTI = "anymultirange"


class Overloads:
    """Chooses among candidates."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    def function(self, candidates: Sequence[Candidate], arguments: Sequence[Kind | None]) -> Chosen:
        """The function that a call means."""
        fitting = [found for each in candidates if (found := each.taking(len(arguments))) is not None]
        return self._choose(fitting, arguments)

    def named(self, candidates: Sequence[Candidate]) -> Chosen:
        """What is called with arguments of which nothing is known, not even how many."""
        returned = {each.returns for each in candidates}
        only = returned.pop() if len(returned) == 1 else None
        return Chosen(None, only if only is not None and only.name not in POLYMORPHIC else None)

    def operator(self, candidates: Sequence[Candidate], arguments: Sequence[Kind | None]) -> Chosen:
        """The operator that an expression means: a constant is first taken to be what the other side is."""
        fitting = [each for each in candidates if len(each.arguments) == len(arguments)]
        if len(arguments) == 2 and UNKNOWN in arguments and None not in arguments:
            known = next((each for each in arguments if each is not None and each != UNKNOWN), None)
            if known is not None:
                for kind in dict.fromkeys((known, self.kinds.base(known))):
                    exact = next((each for each in fitting if each.arguments == (kind, kind)), None)
                    if exact is not None:
                        return Chosen(exact, exact.returns)
        return self._choose(fitting, arguments)

    def _choose(self, fitting: list[Candidate], arguments: Sequence[Kind | None]) -> Chosen:
        given = tuple(each for each in arguments if each is not None)
        if len(given) < len(arguments):
            return self._partly(fitting, arguments)
        exact = [each for each in fitting if each.arguments == given]
        if len(exact) > 1 and any(each.defaults for each in exact):
            return Chosen(None, None, refused=True)  # they differ in what is left out only
        if exact:
            return Chosen(exact[0], self._returned(exact[0], given))
        fitting = [each for each in fitting if self._takes(each, given)]
        if len(fitting) > 1:
            fitting = self._narrowed(fitting, given)
        if len(fitting) != 1:
            return Chosen(None, None, refused=True)
        return Chosen(fitting[0], self._returned(fitting[0], given))

    def _partly(self, fitting: list[Candidate], arguments: Sequence[Kind | None]) -> Chosen:
        """Where the type of some argument is not known: what all that are possible return."""
        possible = [
            each
            for each in fitting
            if all(
                given is None or declared.name in POLYMORPHIC or self.kinds.implicit(given, declared)
                for declared, given in zip(each.arguments, arguments, strict=True)
            )
        ]
        returned = {each.returns for each in possible}
        only = returned.pop() if len(returned) == 1 else None
        returns = only if only is not None and only.name not in POLYMORPHIC else None
        return Chosen(possible[0] if len(possible) == 1 else None, returns)

    def _takes(self, candidate: Candidate, given: Sequence[Kind]) -> bool:
        pairs = list(zip(candidate.arguments, given, strict=True))
        if not all(
            declared.name in POLYMORPHIC or self.kinds.implicit(actual, declared)
            for declared, actual in pairs
        ):
            return False
        return self._bound(pairs) is not None

    def _returned(self, candidate: Candidate, given: Sequence[Kind]) -> Kind | None:
        returns = candidate.returns
        if returns is None or returns.name not in POLYMORPHIC:
            return returns
        bound = self._bound(list(zip(candidate.arguments, given, strict=True)))
        return None if bound is None else bound.get(returns.name)

    def _bound(self, pairs: list[tuple[Kind, Kind]]) -> dict[str, Kind] | None:
        """What polymorphic types stand for in a call; None if the arguments do not agree on it."""
        found: dict[str, Kind] = {}
        if any(declared.name in _SAME for declared, _ in pairs) and not self._bind_same(pairs, found):
            return None
        if any(declared.name in _ALIKE for declared, _ in pairs) and not self._bind_alike(pairs, found):
            return None
        return found

    def _bind_same(self, pairs: list[tuple[Kind, Kind]], found: dict[str, Kind]) -> bool:
        kinds = self.kinds
        elements: set[Kind] = set()
        for declared, actual in pairs:
            if declared.name not in _SAME or actual == UNKNOWN:
                continue
            if declared.name in _ONE:
                elements.add(actual)
                if declared.name == "anynonarray" and kinds.base(actual).array:
                    return False
                if declared.name == "anyenum" and kinds.category(actual) != "E":
                    return False
                continue
            actual = kinds.base(actual)
            inner = actual.element if actual.array else None
            if declared.name != "anyarray":
                inner = self._spanned(actual, multi=declared.name == _MULTI)
            if inner is None or (declared.name == "anyarray") != actual.array:
                return False
            found.setdefault(declared.name, actual)
            if found[declared.name] != actual:
                return False
            elements.add(inner)
        if len(elements) > 1:
            return False
        for element in elements:
            found |= dict.fromkeys(_ONE, element)
            found.setdefault("anyarray", element.listed)
        spanning = found.get("anyrange")
        if spanning is not None and not spanning.schema:
            found.setdefault(_MULTI, spanning._replace(name=spanning.name.replace("range", "multirange")))
        return True

    def _spanned(self, kind: Kind, *, multi: bool) -> Kind | None:
        """What a range, or a multirange, is over."""
        if not kind.schema:
            built_in = self.kinds.builtin.type(kind.name)
            if built_in is not None and built_in.kind == ("m" if multi else "r"):
                name = built_in.related.rpartition(".")[2]
                over = self.kinds.builtin.type(name) if multi else None
                return Kind("", over.related if over is not None and over.kind == "r" else name)
            return None
        named = self.kinds.catalog.type(kind.schema, kind.name)
        is_multi = (kind.schema, kind.name) in self.kinds.catalog.multiranges
        if named is None or named.form != "range" or named.base is None or is_multi is not multi:
            return None
        return self.kinds.of(named.base)

    def _bind_alike(self, pairs: list[tuple[Kind, Kind]], found: dict[str, Kind]) -> bool:
        kinds = self.kinds
        members: list[Kind] = []
        for declared, actual in pairs:
            if declared.name in ("anycompatible", "anycompatiblenonarray"):
                members.append(actual)
                if declared.name == "anycompatiblenonarray" and kinds.base(actual).array:
                    return False
            elif declared.name == "anycompatiblearray" and actual != UNKNOWN:
                actual = kinds.base(actual)
                if not actual.array:
                    return False
                members.append(actual.element)
            elif declared.name in _ALIKE and actual != UNKNOWN:
                inner = self._spanned(kinds.base(actual), multi="multi" in declared.name)
                if inner is None:
                    return False
                found[declared.name] = actual
                members.append(inner)
        common = kinds.common(members) if members else None
        if common is None:
            return not members
        if not all(kinds.implicit(each, common) for each in members):
            return False
        found |= {
            "anycompatible": common,
            "anycompatiblenonarray": common,
            "anycompatiblearray": common.listed,
        }
        return True

    def _narrowed(self, fitting: list[Candidate], given: Sequence[Kind]) -> list[Candidate]:
        """Those that need least, step by step (func_select_candidate)."""
        kinds = self.kinds
        inputs = [each if each == UNKNOWN else kinds.base(each) for each in given]

        def best(score: Sequence[int]) -> list[Candidate]:
            return [each for each, points in zip(fitting, score, strict=True) if points == max(score)]

        fitting = best(
            [
                sum(i != UNKNOWN and a == i for a, i in zip(each.arguments, inputs, strict=True))
                for each in fitting
            ]
        )
        if len(fitting) == 1:
            return fitting
        categories = [kinds.category(each) for each in inputs]
        fitting = best(
            [
                sum(
                    i != UNKNOWN and (a == i or (kinds.preferred(a) and kinds.category(a) == category))
                    for a, i, category in zip(each.arguments, inputs, categories, strict=True)
                )
                for each in fitting
            ]
        )
        if len(fitting) == 1 or UNKNOWN not in inputs:
            return fitting
        for place, kind in enumerate(inputs):
            if kind == UNKNOWN:
                wanted = self._wanted([each.arguments[place] for each in fitting])
                if wanted is None:
                    break
                category, preferred = wanted
                kept = [
                    each
                    for each in fitting
                    if kinds.category(each.arguments[place]) == category
                    and (not preferred or kinds.preferred(each.arguments[place]))
                ]
                fitting = kept or fitting
        if len(fitting) > 1:
            known = {each for each in inputs if each != UNKNOWN}
            if len(known) == 1:
                one = known.pop()
                assumed = [
                    each
                    for each in fitting
                    if all(
                        i != UNKNOWN or kinds.implicit(one, a)
                        for a, i in zip(each.arguments, inputs, strict=True)
                    )
                ]
                fitting = assumed if len(assumed) == 1 else fitting
        return fitting

    def _wanted(self, declared: list[Kind]) -> tuple[str, bool] | None:
        """The category that a constant is taken to be of, and whether a preferred type is among them; None in doubt."""
        kinds = self.kinds
        categories = {kinds.category(each) for each in declared}
        if "S" in categories:
            category = "S"
        elif len(categories) == 1:
            category = categories.pop()
        else:
            return None
        return category, any(kinds.category(each) == category and kinds.preferred(each) for each in declared)


__all__ = ["POLYMORPHIC", "Candidate", "Chosen", "Overloads"]
