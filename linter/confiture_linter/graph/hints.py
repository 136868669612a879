"""Order among files that no mention proves: what probably must come first, used where nothing stands against it.

Columns that another file adds, objects that are dropped or renamed, functions that run while the tree is built and
what their bodies touch, rows that foreign keys and triggers look at.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from confiture_linter.catalog import Catalog, Entity, Function
from confiture_linter.catalog.entities import Named
from confiture_linter.graph.added import AddedColumns
from confiture_linter.graph.gone import Gone
from confiture_linter.graph.makers import FAMILIES, Maker, Makers, Pair, Step, of_kind, steps
from confiture_linter.graph.mentioned import input_types, run_refs, runs
from confiture_linter.graph.precedence import Precedence
from confiture_linter.graph.rows import key_pairs, loop_pairs, row_pairs, trigger_pairs
from confiture_linter.graph.running import Running
from confiture_linter.graph.wants import wants
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref

_CREATE_ROLE = re.compile(r"\bcreate\s+(?:role|user|group)\b", re.IGNORECASE)
_SEQUENCE_FUNCTIONS = frozenset({"nextval", "setval", "currval"})
_UNNAMED = frozenset({"extension", "schema", "role", "operator", "operator class", "operator family", "cast",
                      "collation", "tsconfiguration", "tsdictionary", "tsparser", "tstemplate"})  # fmt: skip
_NO_ROLES = frozenset({"", "public", "current_user", "current_role", "session_user", "postgres"})
_CHANGES = (f.Rename, f.SetSchema)


class Hints:
    """Reads the hints of one tree."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        given: bool = False,
        said: Iterable[Pair] = (),
        text: Callable[[str], bytes] = lambda path: b"",
    ) -> None:
        self.catalog = catalog
        self.given = given
        """Whether somebody wrote the order of replay down: what is there before is meant."""
        self.steps = list(steps(catalog))
        self.makers = Makers(self.steps, Precedence(said))
        self.text = text
        self.added = AddedColumns(self.steps, self.makers)
        self.gone = Gone(self.steps, self.makers, self.added)

    def targets(self) -> Iterator[tuple[Step, Ref, Maker]]:
        """What a statement wants and only other files make: the statement, the mention, the first maker."""
        for step in self.steps:
            if step.inside:
                continue
            for want in wants(step.statement):
                makers = of_kind(self.makers.of(want.family, want.schema, want.name), want.kind)
                if makers and not any(_before(maker, step) for maker in makers):
                    path = step.where.path
                    others = self.makers.originals((maker for maker in makers if maker.path != path), path)
                    if self.given:
                        others.sort(key=lambda maker: maker.number)
                    if others:
                        ref = Ref(want.family, want.schema, want.name, want.at, "target")
                        yield step, ref, others[0]

    def original(self, entity: Entity, source: str) -> Entity:
        """What `entity` was when a file made it first, where others replaced it, dropped it or made it again.

        The first will do, and is there before those that change it; `source`, which asks, is no answer.
        """
        family = FAMILIES.get(entity.kind.replace("_", " "))
        if self.given or family not in ("relation", "routine", "type") or not isinstance(entity, Named):
            return entity
        makers = self.makers.of(family, entity.schema, entity.name)
        if len(makers) < 2:
            return entity
        if isinstance(entity, Function):
            types = input_types(entity.fact)
            makers = [
                maker
                for maker in makers
                if type(made := maker.where.statement.fact) is f.CreateFunction and input_types(made) == types
            ]
        makers = self.makers.originals(
            (maker for maker in makers if type(maker.where.statement.fact) not in _CHANGES), source
        )
        if not makers or any(maker.path == source for maker in makers) or makers[0].path == entity.path:
            return entity
        return makers[0].entity()

    def pairs(self) -> Iterator[Pair]:
        """Every hint, the surest first; a pair may come more than once."""
        yield from self._unresolved()
        yield from self._added_columns()
        yield from self.added.whole_rows()
        yield from key_pairs(self.steps)
        yield from self.gone.pairs()
        yield from self._foundations()

    def guesses(self) -> Iterator[Pair]:
        """Hints about what runs: which branch a body takes, and whether rows are there, is not known."""
        running = Running(self.steps, self.makers, self.added, self.text)
        yield from running.pairs()
        yield from row_pairs(self.steps)
        yield from loop_pairs(self.steps)
        yield from trigger_pairs(self.steps)

    def gaps(self) -> Iterator[Pair]:
        """What the order of replay shows, where that order is nearly the one looked for."""
        yield from self.gone.gaps()

    def _foundations(self) -> Iterator[Pair]:
        """What works without being named comes early: extensions first, then files of operators, casts and the like."""
        kinds: dict[str, set[str]] = {}
        for step in self.steps:
            kinds.setdefault(step.where.path, set())
        for makers in self.makers.by_key.values():
            for maker in makers:
                kinds[maker.path].add(maker.kind)
        first = [path for path, made in kinds.items() if "extension" in made]
        second = [path for path, made in kinds.items() if made and made <= _UNNAMED and path not in first]
        for early, before in ((first, set(first)), (second, {*first, *second})):
            for target in early:
                for path in kinds:
                    if path not in before:
                        yield path, target

    # -- names that the replay did not find, for it went another way ---------------------------------

    def _unresolved(self) -> Iterator[Pair]:
        for item in self.catalog.unresolved:
            if item.late:
                continue
            ref = item.ref
            family = "routine" if ref.kind == "function" else ref.kind
            makers = self.makers.of(family, ref.schema, ref.name)
            if not makers and family == "type":
                makers = self.makers.of("relation", ref.schema, ref.name)
            yield from self.makers.first(item.where.path, makers)
        for step in self.steps:
            for ref in step.statement.refs:
                if ref.kind == "function" and ref.name in _SEQUENCE_FUNCTIONS and ref.text:
                    schema, _, name = ref.text.replace('"', "").rpartition(".")
                    yield from self.makers.first(step.where.path, self.makers.of("relation", schema, name))
            if step.inside:
                for ref in step.statement.refs:
                    yield from self.makers.first(step.where.path, self.makers.of_ref(ref))
                for want in wants(step.statement):
                    yield from self.makers.first(
                        step.where.path, self.makers.of(want.family, want.schema, want.name)
                    )

        yield from self._new_names()
        yield from self._roles()
        yield from self._called_for()

    def _new_names(self) -> Iterator[Pair]:
        """Who says a name that only a renaming makes comes after it; the object lies where it was created."""
        renamed = {
            key: makers
            for key, makers in self.makers.by_key.items()
            if all(type(maker.where.statement.fact) in _CHANGES for maker in makers)
        }
        if not renamed:
            return
        for edge in self.catalog.edges:
            family = "routine" if edge.ref.kind == "function" else edge.ref.kind
            makers = () if edge.late else renamed.get((family, edge.ref.name), ())
            yield from self.makers.first(edge.where.path, list(makers))

    def _roles(self) -> Iterator[Pair]:
        """Roles that nobody creates in so many words come from the file that puts CREATE ROLE together."""
        makers = [
            step.where.path
            for step in self.steps
            if type(step.statement.fact) is f.DoBlock
            and step.statement.fact.body is not None
            and any(_CREATE_ROLE.search(dynamic.text) for dynamic in step.statement.fact.body.dynamic)
        ]
        if not makers:
            return
        for step in self.steps:
            for want in wants(step.statement):
                known = want.family != "role" or want.name in _NO_ROLES
                if not known and not self.makers.of("role", "", want.name) and step.where.path not in makers:
                    yield step.where.path, makers[0]

    def _called_for(self) -> Iterator[Pair]:
        """Schemas that nobody creates in so many words come from the call that is given their name."""
        callers: dict[str, str] = {}
        for step in self.steps:
            if runs(step.statement):
                for ref in step.statement.refs:
                    for text in (*ref.strings, ref.text) if ref.kind == "function" else ():
                        callers.setdefault(text, step.where.path)
        for step in self.steps if callers else ():
            for want in wants(step.statement):
                caller = callers.get(want.name) if want.family == "schema" else None
                if caller and caller != step.where.path and not self.makers.of("schema", "", want.name):
                    yield step.where.path, caller

    # -- columns -----------------------------------------------------------------------------------

    def _added_columns(self) -> Iterator[Pair]:
        if not self.makers.columns:
            return
        for step in self.steps:
            for maker in self.added.needed_by(step.statement, run_refs(step.statement)):
                yield from self.makers.first(step.where.path, [maker])


def _before(maker: Maker, step: Step) -> bool:
    return maker.path == step.where.path and maker.number <= step.number


__all__ = ["Hints"]
