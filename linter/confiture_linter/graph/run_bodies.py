"""What a statement runs on the stage: calls, triggers that fire, and what the bodies of both name."""

from collections.abc import Iterable, Iterator

from confiture_linter.graph.needed import family_of, takes
from confiture_linter.graph.needed_names import NeededNames
from confiture_linter.graph.stage import Stop, Thing, label
from confiture_linter.graph.strings import Name, names_in, split_name
from confiture_linter.graph.written import condition
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref, Statement

WRITES = {"insert": "insert", "update": "update", "delete": "delete", "merge": "insert"}
_DEPTH = 12
"""How far calls are followed into bodies."""


class Bodies(NeededNames):
    """Follows calls and triggers."""

    def _run(self, refs: Iterable[Ref], depth: int, seen: set[int]) -> None:
        """Follow calls and triggers that fire into bodies: what they mention should be there."""
        for ref in refs:
            called: list[Thing] = []
            if ref.kind == "function":
                called = [
                    thing
                    for thing in self.stage.all_of("routine", ref.schema, ref.name)
                    if takes(thing, ref.arguments)
                ]
            elif ref.use in WRITES:
                for table in self.stage.all_of("relation", ref.schema, ref.name):
                    called += self._fired(table, WRITES[ref.use])
                for trigger in self.running.installed(ref.name):
                    called += self.stage.all_of("routine", trigger.schema, trigger.name)
            for thing in called:
                statement = thing.shape[2] if thing.shape else None
                if statement is not None and ref.kind == "function":
                    self._strings(ref, statement)
                if statement is None or id(thing) in seen or depth > _DEPTH:
                    continue
                seen.add(id(thing))
                self._run_body(thing, statement, depth, seen)

    def _run_body(self, routine: Thing, statement: Statement, depth: int, seen: set[int]) -> None:
        body = getattr(statement.fact, "body", None)
        if body is None:
            return
        for ref in body.refs:
            if self._made(ref):
                self.minded.add(label(family_of(ref), ref.name))
                try:
                    self.need_ref(ref)
                except Stop as stop:
                    self._doubt(stop.names[0], routine)
        for table, column in self._body_columns(statement, body):
            self.minded.add(label("column", column, table))
            try:
                self._need_column(table, column)
            except Stop as stop:
                self._doubt(stop.names[0], routine)
        self._run(body.refs, depth + 1, seen)

    def _doubt(self, name: str, routine: Thing) -> None:
        self.doubts.add(name)
        if routine.shape and routine.shape[4] != self.path:
            self.doubtful.add(routine.shape[4])

    def _strings(self, ref: Ref, called: Statement) -> None:
        """Names in what a function is given that puts SQL together."""
        body = getattr(called.fact, "body", None)
        if body is None or not body.dynamic:
            return
        texts = ref.strings or ((ref.text,) if ref.text else ())
        for text in texts:
            self._names(text)
        for table in texts:
            self._conditions(split_name(table), texts)

    def _conditions(self, table: Name, texts: Iterable[str]) -> None:
        """Conditions on a table that is named beside them."""
        if self.stage.find("relation", table.schema, table.name) is None:
            return
        for text in texts:
            query = condition(text, table.schema, table.name)
            if query is None:
                continue
            self.minded.update(label("column", use.name, table.name) for use in query.columns)
            try:
                for _ in self.columns().named([query]):
                    pass
            except Stop as stop:
                self.doubts.update(stop.names)

    def _names(self, text: str) -> None:
        """Names in a text that is executed, or goes into one."""
        for name in names_in(text):
            families = [of for of in ("relation", "routine") if self.makers.of(of, name.schema, name.name)]
            self.minded.update(label(of, name.name) for of in families)
            if families and not any(self.stage.find(of, name.schema, name.name) for of in families):
                self.doubts.add(label(families[0], name.name))

    def _body_columns(self, statement: Statement, body: f.Body) -> list[tuple[str, str]]:
        known = self._used.get(id(body))
        if known is None:
            touched = {ref.name for ref in body.refs if ref.kind == "relation"} & self._columns.keys()
            used = self.added.used(statement, touched) if touched else set()
            known = self._used[id(body)] = sorted(
                pair for pair in used if pair[1] in self._columns.get(pair[0], ())
            )
        return known

    def _fired(self, table: Thing, event: str) -> Iterator[Thing]:
        for part in table.triggers:
            if part.alive and part.shape and event in part.shape[0]:
                yield from self.stage.all_of("routine", part.shape[1], part.shape[2])


__all__ = ["Bodies"]
