"""What functions write: directly, through the functions they call, and through triggers."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Edge, Function, Table, View
from confiture_linter.engine.context import Context

WRITES = frozenset({"insert", "update", "delete", "truncate", "refresh"})
"""How a mention of a relation changes it; MERGE is an update."""


class Write(NamedTuple):
    """One mention of a relation that changes it."""

    relation: Table | View
    """The partitioned table where a partition is written."""
    edge: Edge


class Reach(NamedTuple):
    """Everything one call of a function may change."""

    relations: frozenset[int]
    """`id` of the relations."""
    opaque: bool
    """Whether it may change others too: dynamic SQL, a body or a function that is not known."""


class Effects:
    """Answers what a function writes; computed once a run."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self._writes: dict[int, list[Write]] = {}
        self._steps: dict[int, tuple[list[Function], bool]] = {}
        self._reach: dict[int, Reach] = {}
        self._guessing = {id(u.source) for u in ctx.catalog.unresolved if u.ref.kind == "function"}
        self.callers: dict[int, list[Function]] = {}
        """Function to the functions that call it or fire it."""
        for function in ctx.catalog.routines:
            for callee in self._step(function)[0]:
                self.callers.setdefault(id(callee), []).append(function)

    def writes(self, function: Function) -> list[Write]:
        """What the body itself writes, in order."""
        found = self._writes.get(id(function))
        if found is None:
            found = [
                Write(_root(edge.target), edge)
                for edge in self.ctx.dependencies.of(function)
                if edge.ref.use in WRITES and isinstance(edge.target, Table | View)
            ]
            self._writes[id(function)] = found
        return found

    def reach(self, function: Function) -> Reach:
        """What the function and all it calls and fires may write."""
        known = self._reach.get(id(function))
        if known is None:
            seen = {id(function): function}
            waiting = [function]
            opaque = False
            while waiting:
                callees, unclear = self._step(waiting.pop())
                opaque = opaque or unclear
                for callee in callees:
                    if id(callee) not in seen:
                        seen[id(callee)] = callee
                        waiting.append(callee)
            written = frozenset(id(w.relation) for f in seen.values() for w in self.writes(f))
            known = self._reach[id(function)] = Reach(written, opaque)
        return known

    def _step(self, function: Function) -> tuple[list[Function], bool]:
        """The functions that a body calls or fires, and whether it may do more."""
        known = self._steps.get(id(function))
        if known is None:
            body = function.fact.body
            opaque = body is None or bool(body.problem or body.dynamic) or id(function) in self._guessing
            found = [e.target for e in self.ctx.dependencies.of(function) if isinstance(e.target, Function)]
            for write in self.writes(function):
                fired = list(_fired(write))
                opaque = opaque or None in fired
                found += [f for f in fired if f is not None]
            known = self._steps[id(function)] = (found, opaque)
        return known


def effects(ctx: Context) -> Effects:
    """The effects of all functions of the tree."""
    found: Effects = ctx.memo("cqrs-effects", lambda: Effects(ctx))
    return found


def filled(ctx: Context, relation: Table | View) -> bool:
    """Whether any statement of the tree, whoever runs it, puts rows into a relation."""
    targets = [relation, *(relation.partitions if isinstance(relation, Table) else ())]
    return any(
        edge.ref.use in WRITES and edge.ref.use not in ("delete", "truncate")
        for target in targets
        for edge in ctx.dependencies.on(target)
    )


def _root(relation: Table | View) -> Table | View:
    while isinstance(relation, Table) and relation.partition_of is not None:
        relation = relation.partition_of
    return relation


def _fired(write: Write) -> Iterator[Function | None]:
    """Functions of the triggers that a write fires; None for one that is not known."""
    use = write.edge.ref.use
    events = {"insert", "update"} if use in ("insert", "update") else {use}
    for trigger in write.relation.triggers:
        if events & set(trigger.fact.events) and (use != "update" or "update" in trigger.fact.events):
            yield trigger.function
