"""What is lost if a file goes next: who could not run any more, and whether anything makes up for that.

Files that can run now are tried on the stage after it. Of those that cannot yet, names tell (`touches`).
"""

from collections.abc import Iterator, Mapping, Sequence

from confiture_linter.graph.deeds import Deeds
from confiture_linter.graph.makers import Step
from confiture_linter.graph.needed import DOUBTS_OF_A_FILE
from confiture_linter.graph.repair import with_owners
from confiture_linter.graph.stage import Stop
from confiture_linter.graph.touches import Key, Touches

HARM = 1000.0
"""What it weighs that a file cannot run any more."""
DOUBTFUL = HARM / DOUBTS_OF_A_FILE
"""What it weighs that a body which a file runs will never find again what it names."""
FUTILE = 900.0
"""What it weighs that a file drops what others are still to make, or to replace."""
AGAIN = 50.0
"""What it weighs that a file uses what is dropped and made again: done after that, it is not lost."""
MADE_UP = 1.0
"""What it weighs that a file has to wait for others that make up for what it lacks now."""
AFTER = 10.0
"""What it weighs that a file waits for one that cannot run any more."""
_MAKING_UP = 8
"""How often what a file lacks is looked for among those that are still to come."""
_MOVERS = 8
"""How many of them are tried each time."""


class Losses:
    """Weighs the files that can run."""

    def __init__(
        self,
        deeds: Deeds,
        steps_of: Mapping[str, Sequence[Step]],
        touches: Touches,
        ready: Mapping[str, int],
        doubted: Mapping[str, frozenset[str]],
    ) -> None:
        self.deeds = deeds
        self.steps_of = steps_of
        self.touches = touches
        self.ready = ready
        """Files that can run now."""
        self.doubted = doubted
        """What is doubtful about each of them."""
        self._haste: dict[str, float] = {}
        self._loss: dict[str, float] = {}

    def forget(self, path: str) -> None:
        """A file has run, or can run now: what is known of those near to it is so no more."""
        for other in self.touches.near(path):
            self._haste.pop(other, None)
            self._loss.pop(other, None)

    def haste(self, path: str) -> float:
        """What is lost of the file itself, or of its purpose, if it goes next."""
        known = self._haste.get(path)
        if known is None:
            known = self._haste[path] = AGAIN * self._too_early(path) + FUTILE * self._futile(path)
        return known

    def loss(self, path: str) -> float:
        """What others lose if it goes next."""
        known = self._loss.get(path)
        if known is None:
            known = self._loss[path] = self._harm(path) + self._broken(path)
        return known

    def _too_early(self, path: str) -> bool:
        """Whether it uses what is dropped and made again, can do so after that, and nobody waits for it with the DROP."""
        takers = self.touches.made_again(path)
        if not takers or not self._waiting_for(path).isdisjoint(takers):
            return False
        return not any(self._lost_by(taker, path) for taker in sorted(takers))

    def _futile(self, path: str) -> bool:
        """Whether it drops what others, who need not wait for it, are still to make, or to replace."""
        waiting: set[str] | None = None
        for key in sorted(self.touches.files[path].takes):
            makers = self.touches.others("leavers", key, path)
            if not makers:
                continue
            if self.deeds.there(key) and (key[0] != "relation" or self.touches.others("anew", key, path)):
                continue
            waiting = self._waiting_for(path) if waiting is None else waiting
            if not waiting.issuperset(makers):
                return True
        return False

    def _lost_by(self, taker: str, path: str) -> bool:
        """Whether `path` could not run any more after `taker`."""
        deeds, stage = self.deeds, self.deeds.stage
        before = stage.touched
        deeds.force(taker, self.steps_of.get(taker, ()))
        kept = stage.set_apart()
        lost = self._lost(path, taker) >= HARM
        stage.take_up(kept)
        stage.undo()
        stage.touched = before
        return lost

    def _harm(self, path: str) -> float:
        """What it costs that files that are still to come, and cannot run yet, could not run if this one came first."""
        harmed = set(self._harmed(path))
        if not harmed:
            return 0.0
        harmed -= self._waiting_for(path)
        after = harmed.union(*(self._waiting_for(other) for other in harmed)) - {path}
        return HARM * len(harmed) + AFTER * len(after - harmed)

    def _harmed(self, path: str) -> Iterator[str]:
        touches = self.touches
        file = touches.files[path]
        for key in (*sorted(file.takes), *touches.along[path]):
            yield from self._without(
                touches.others("needers", key, path), touches.others("leavers", key, path)
            )
        for key in sorted(file.leaves - file.anew):
            for other in touches.others("anew", key, path):
                yield from self._without([other], touches.others_taking(key, path, other))
        for key in sorted(file.leaves):
            for other in touches.others("absent", key, path):
                yield from self._without([other], touches.others_taking(key, path, other))
        yield from self._blocked(path)
        yield from self._not_parted(path)

    def _not_parted(self, path: str) -> Iterator[str]:
        """Files that make the same part of a table which this one drops and makes again: only in between can it part them."""
        touches = self.touches
        for table in sorted(touches.files[path].clears):
            for key in touches.parts_anew.get(table, ()):
                makers = touches.others("anew", key, path)
                if len(makers) < 2 or self.deeds.there(key):
                    continue
                parting = [
                    other
                    for other in {
                        *touches.others("takers", key, path),
                        *touches.others("clearers", table, path),
                    }
                    if not all(
                        other in self._waiting_for(maker)
                        or not touches.files[maker].needs.isdisjoint(touches.files[other].drops)
                        for maker in makers
                    )
                ]
                if len(parting) < len(makers) - 1:
                    yield from makers

    def _blocked(self, path: str) -> Iterator[str]:
        """Files that drop or retype what something of this file uses, with nobody to drop that before."""
        touches = self.touches
        file = touches.files[path]
        blocked: dict[str, set[Key]] = {}
        for key in sorted(file.uses):
            strict = touches.others("retypers", key, path)
            if key not in file.needs or touches.others("leavers", key, path):
                strict += touches.others("strict", key, path)
            for other in strict:
                if file.leaves.isdisjoint(touches.files[other].clears):
                    blocked.setdefault(other, set()).add(key)
        for other, keys in blocked.items():
            waiting = self._waiting_for(other)
            clearers = {
                clearer
                for key in file.leaves
                for clearer in touches.others("clearers", key, path)
                if keys.isdisjoint(touches.files[clearer].uses)
                and not self._held_back(clearer, waiting, path)
            }
            if clearers <= waiting:
                yield other  # else what it makes goes again, and need not be in the way

    def _held_back(self, dropper: str, waiting: set[str], path: str) -> bool:
        """Whether it would drop too early what those replace who are waiting."""
        touches = self.touches
        for key in touches.files[dropper].drops:
            again = touches.anew.get(key, {})
            if any(maker in waiting and maker not in again for maker in touches.others("leavers", key, path)):
                return True
        return False

    def _without(self, files: list[str], others: list[str]) -> Iterator[str]:
        """Those of `files` for which none of `others`, which need not wait for them, makes up."""
        for path in files:
            if path not in self.ready and (not others or self._waiting_for(path).issuperset(others)):
                yield path

    def _broken(self, path: str) -> float:
        """What it costs files that can run now: those that could not run any more."""
        deeds, stage = self.deeds, self.deeds.stage
        before = stage.touched
        found = 0.0
        try:
            deeds.file(path, self.steps_of.get(path, ()))
        except Stop:
            pass  # it cannot run any more itself, which is seen when it is its turn
        else:
            affected = self.touches.affected(path, stage.touched)
            kept = stage.set_apart()
            found = sum(self._lost(other, path) for other in affected if other in self.ready)
            stage.take_up(kept)
        stage.undo()
        stage.touched = before
        return found

    def _lost(self, other: str, path: str) -> float:
        """What it costs `other` that `path` has just run.

        Nothing if it can run still; little if files that are still to come, and need not wait for it, make up for it;
        else it is lost, and so are those that wait for what only it brings.
        """
        stop = self._refusal(other)
        if stop is None:
            return DOUBTFUL * len(self._lasting(other, path))
        stage = self.deeds.stage
        waiting = self._waiting_for(other)
        kept = []
        ran = {path, other}
        cost = HARM * len(waiting)
        for _ in range(_MAKING_UP):
            movers = [
                mover
                for name in with_owners(stop.names)
                for mover in self.touches.movers.get(name, ())
                if mover not in ran and mover not in waiting
            ]
            after: Stop | None = stop
            for mover in list(dict.fromkeys(movers))[:_MOVERS]:
                ran.add(mover)
                self.deeds.force(mover, self.steps_of.get(mover, ()))
                held = stage.set_apart()
                after = self._refusal(other)
                stage.take_up(held)
                if after is None or after.names != stop.names:
                    kept.append(held)
                    break
                stage.undo()
            if after is None:
                cost = MADE_UP
                break
            if after.names == stop.names:
                break
            stop = after
        for one in reversed(kept):
            stage.take_up(one)
            stage.undo()
        return cost

    def _lasting(self, other: str, path: str) -> list[str]:
        """New doubts about `other`, which has just been tried, that nobody who is still to come dispels."""
        movers = self.touches.movers
        return [
            name
            for name in self.deeds.doubts - self.doubted[other]
            if all(mover in (other, path) for mover in movers.get(name, ()))
        ]

    def _waiting_for(self, path: str) -> set[str]:
        """A file and those that cannot run before it, for only it, or one of them, brings what they need."""
        found = {path}
        queue = [path]
        while queue:
            file = self.touches.files[queue.pop()]
            for keys, givers, takers, wanted in (
                (file.leaves, self.touches.leavers, self.touches.needers, False),
                (file.takes, self.touches.takers, self.touches.anew, True),
            ):
                for key in keys:
                    if any(giver not in found for giver in givers.get(key, ())):
                        continue
                    if self.deeds.there(key) is wanted:
                        new = [taker for taker in takers.get(key, ()) if taker not in found]
                        found.update(new)
                        queue += new
        return found

    def _refusal(self, path: str) -> Stop | None:
        """Why a file cannot run now; nothing of it stays."""
        try:
            self.deeds.file(path, self.steps_of.get(path, ()))
        except Stop as stop:
            return stop
        finally:
            self.deeds.stage.undo()
        return None


__all__ = ["HARM", "Losses"]
