"""What runs while a tree is built, and what it touches: calls, triggers that fire, DO blocks, SQL put together in them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from confiture_linter.graph.added import AddedColumns, taken_columns
from confiture_linter.graph.makers import FAMILIES, Key, Maker, Makers, Pair, Step
from confiture_linter.graph.mentioned import input_types, runs
from confiture_linter.graph.strings import Name, names_in, names_in_strings, split_name, words
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref

_WRITES = frozenset({"insert", "update", "delete", "merge"})


class Running:
    """Follows calls into bodies."""

    def __init__(
        self, all_steps: Sequence[Step], makers: Makers, added: AddedColumns, text: Callable[[str], bytes]
    ) -> None:
        self.makers = makers
        self.added = added
        self.text = text
        self.running = [step for step in all_steps if runs(step.statement) or _do_body(step) is not None]
        self._constants: dict[int, list[Name]] = {}
        self._fired: dict[str, list[Name]] = {}
        """Table to the functions of its triggers."""
        for step in all_steps:
            fact = step.statement.fact
            if type(fact) is f.CreateTrigger:
                self._fired.setdefault(fact.table, []).append(Name(fact.function_schema, fact.function))
        self._installed: dict[str, list[Name]] = {}
        """Table to the functions of triggers that calls create."""
        for step in self.running:
            self._install(step)
        for table, functions in self._installed.items():
            self._fired.setdefault(table, []).extend(functions)
        self.all_steps = all_steps
        self.dropped = _dropped(all_steps)
        self.taken = taken_columns(all_steps)
        self._ran: dict[str, list[f.Statement]] = {}

    def pairs(self) -> Iterator[Pair]:
        """Who runs something comes after what it touches, and before it is taken away."""
        taken: list[Pair] = []
        for step in self.running:
            path = step.where.path
            refs = _refs(step)
            if _do_body(step) is not None:
                for ref in refs:
                    yield from self.makers.first(path, self.makers.of_ref(ref))
            for maker in self._reached(refs, path):
                if maker.path != path:
                    yield path, maker.path
                    taken += ((taker, path) for taker in self.dropped.get(_key(maker), ()) if taker != path)
        yield from taken
        yield from self._old_columns()
        yield from self._new_columns()

    def _new_columns(self) -> Iterator[Pair]:
        """A body that names a column that is added later is the version for the time after."""
        for step in self.all_steps:
            body = getattr(step.statement.fact, "body", None)
            if body is not None and _do_body(step) is None:
                for maker in self.added.needed_by(step.statement, body.refs):
                    yield from self.makers.first(step.where.path, [maker])

    def _old_columns(self) -> Iterator[Pair]:
        """Who takes a column away comes after those who run a body that names it."""
        if not self.taken:
            return
        for path, statements in self._ran.items():
            for statement in statements:
                body = getattr(statement.fact, "body", None)
                tables = {
                    ref.name for ref in (body.refs if body is not None else ()) if ref.kind == "relation"
                }
                tables &= self.taken.keys()
                used = self.added.used(statement, tables) if tables else set()
                for table in tables:
                    for column, taker in self.taken[table]:
                        if (table, column) in used and taker != path:
                            yield taker, path

    def _install(self, step: Step) -> None:
        """Triggers that a call creates: what it calls names their function, its arguments the table."""
        for ref in _refs(step):
            if ref.kind != "function" or not ref.strings:
                continue
            for maker in self.makers.of("routine", ref.schema, ref.name):
                functions = [name for name in self._written(maker) if self._is_trigger_function(name)]
                for text in ref.strings if functions else ():
                    name = split_name(text)
                    if self.makers.of("relation", name.schema, name.name):
                        self._installed.setdefault(name.name, []).extend(functions)

    def installed(self, table: str) -> Sequence[Name]:
        """Functions of the triggers on a table that calls create."""
        return self._installed.get(table, ())

    def _is_trigger_function(self, name: Name) -> bool:
        for maker in self.makers.of("routine", name.schema, name.name):
            fact = maker.where.statement.fact
            if type(fact) is f.CreateFunction and fact.returns is not None and fact.returns.name == "trigger":
                return True
        return False

    def _written(self, maker: Maker) -> list[Name]:
        """Names in the constants of a routine that puts SQL together."""
        statement = maker.where.statement
        body = getattr(statement.fact, "body", None)
        if body is None or not body.dynamic:
            return []
        known = self._constants.get(maker.number)
        if known is None:
            text = self.text(maker.path)[statement.start : statement.end].decode(errors="replace")
            known = self._constants[maker.number] = list(names_in_strings(text))
        return known

    def _reached(self, refs: Iterable[Ref], path: str) -> Iterator[Maker]:
        """Makers of whatever the bodies of the called functions name, and the bodies they call."""
        seen: set[tuple[str, str]] = set()
        queue = [ref for ref in refs if ref.kind == "function" or ref.use in _WRITES]
        while queue:
            ref = queue.pop()
            called: list[Maker] = []
            if ref.kind == "function":
                called = self._versions(ref.schema, ref.name, path)
                yield from self._arguments(ref, called, path)
            if (ref.kind, ref.name) in seen:
                continue
            seen.add((ref.kind, ref.name))
            if ref.use in _WRITES:
                for trigger in self._fired.get(ref.name, ()):
                    called += self._versions(trigger.schema, trigger.name, path)
            for maker in called:
                self._ran.setdefault(path, []).append(maker.where.statement)
                for name in self._written(maker):
                    yield from self._meant("relation", name, path)
                    yield from self._meant("routine", name, path)
                body = getattr(maker.where.statement.fact, "body", None)
                if body is not None:
                    yield from self.added.needed_by(maker.where.statement, body.refs)
                for inner in body.refs if body is not None else ():
                    yield from self.makers.originals(self.makers.of_ref(inner), path)[:1]
                    if inner.kind == "function" or inner.use in _WRITES:
                        queue.append(inner)

    def _versions(self, schema: str, name: str, path: str) -> list[Maker]:
        """The first version of each routine of that name."""
        found: dict[tuple[str, ...], Maker] = {}
        for maker in self.makers.originals(self.makers.of("routine", schema, name), path):
            found.setdefault(argument_types(maker), maker)
        return list(found.values())

    def _arguments(self, ref: Ref, called: Sequence[Maker], path: str) -> Iterator[Maker]:
        """What the arguments of a call name; SQL among them counts if what is called puts SQL together."""
        texts = ref.strings or ((ref.text,) if ref.text else ())
        tables = []
        for text in texts:
            name = split_name(text)
            found = list(self._meant("relation", name, path))
            yield from found
            tables += [name.name] if found else []
        if not any(self._puts_together(maker) for maker in called):
            return
        for text in texts:
            for name in names_in(text):
                yield from self._meant("relation", name, path)
                yield from self._meant("routine", name, path)
            for table in tables:
                yield from self.added.among(table, words(text))

    def _puts_together(self, maker: Maker) -> bool:
        body = getattr(maker.where.statement.fact, "body", None)
        return body is not None and bool(body.dynamic)

    def _meant(self, family: str, name: Name, path: str) -> Iterator[Maker]:
        yield from self.makers.originals(self.makers.of(family, name.schema, name.name), path)[:1]


def argument_types(maker: Maker) -> tuple[str, ...]:
    """Types of the parameters, if it makes a routine."""
    fact = maker.where.statement.fact
    return input_types(fact) if type(fact) is f.CreateFunction else ()


def _key(maker: Maker) -> Key:
    return FAMILIES.get(maker.kind, maker.kind), maker.name


def _dropped(all_steps: Sequence[Step]) -> dict[Key, list[str]]:
    """Objects and the files that drop them."""
    found: dict[Key, list[str]] = {}
    for step in all_steps:
        fact = step.statement.fact
        for target in fact.targets if type(fact) is f.Drop else ():
            family = FAMILIES.get(target.kind)
            if family and target.parts:
                found.setdefault((family, target.parts[-1]), []).append(step.where.path)
    return found


def _do_body(step: Step) -> f.Body | None:
    fact = step.statement.fact
    return fact.body if type(fact) is f.DoBlock else None


def _refs(step: Step) -> list[Ref]:
    body = _do_body(step)
    return [*step.statement.refs, *(body.refs if body is not None else ())]


__all__ = ["Running"]
