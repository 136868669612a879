"""An order of files found by trying them: one that can run, and after which the others still can, goes next.

Where objects are dropped, renamed and made again, what each file needs does not say by which of several makers it is
meant to be satisfied; what exists at the time does. `Deeds` tells whether a file can run; this module chooses.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from confiture_linter.graph.deeds import Deeds
from confiture_linter.graph.makers import Step
from confiture_linter.graph.repair import Trial, mended, with_owners
from confiture_linter.graph.stage import Stop
from confiture_linter.graph.touches import FileTouches, Touches, touches

TURNS = 6
"""How often all files are ordered anew from what was learned."""
PATIENCE = 2
"""After how many turns that were no better there is no other."""
BLAME = 150.0
"""What it weighs, each time, that a file was in the way of another."""
LIGHT = 10.0
"""What a hint weighs at most."""
HARM = 1000.0
"""What it weighs that a file takes away what another one needs, or stands in its way."""
AGAIN = 50.0
"""What it weighs that a file uses what is dropped and made again: done after that, it is not lost."""
FUTILE = 900.0
"""What it weighs that a file drops what others are still to make, or to replace."""
MADE_UP = 1.0
"""What it weighs that a file has to wait for others that make up for what it lacks now."""
_MAKING_UP = 8
_MOVERS = 8
"""How often what a file lacks is looked for among those that are still to come."""
DOUBT = 30.0
"""What it weighs that a body would run that names what is not there."""


class Scheduler:
    """Tries the files of one tree."""

    def __init__(self, steps_of: Mapping[str, Sequence[Step]], deeds: Deeds) -> None:
        self.steps_of = steps_of
        self.deeds = deeds
        self._touches: dict[str, FileTouches] = {}

    def touches(self, path: str) -> FileTouches:
        """What a file needs, leaves and takes."""
        known = self._touches.get(path)
        if known is None:
            known = self._touches[path] = touches(self.deeds, path, self.steps_of.get(path, ()))
        return known

    def outcome(self, order: Iterable[str]) -> Trial:
        """Run the files in this order."""
        deeds = self.deeds
        deeds.clear()
        refused: dict[str, tuple[str, ...]] = {}
        movers: dict[str, list[str]] = {}
        doubts = 0
        for path in order:
            try:
                deeds.file(path, self.steps_of.get(path, ()))
            except Stop as stop:
                deeds.stage.undo()
                refused[path] = stop.names
            else:
                doubts += len(deeds.doubts)
                for name in deeds.stage.touched:
                    movers.setdefault(name, []).append(path)
        return Trial(refused, doubts, movers)

    def schedule(self, files: Sequence[str], weights: Mapping[tuple[str, str], float]) -> list[str]:
        """The order; `files` is the one preferred, `weights` says how much it matters that one comes after another.

        Where a file cannot run, the one that took away what it needs should have come later: the next turn knows that.
        """
        learned = dict(weights)
        best = list(files)
        least = float("inf")
        idle = 0
        for _ in range(TURNS):
            run = _Run(self, files, learned)
            order = run.order()
            outcome = self.outcome(order)
            idle += 1
            if outcome.loss < least:
                best, least, idle = order, outcome.loss, 0
            if idle == PATIENCE or least == 0 or not run.blamed:
                break
            for pair, weight in run.blamed.items():
                learned[pair] = learned.get(pair, 0.0) + weight
        return mended(best, self.outcome) if least > 0 else best


class _Run:
    """One run over all files."""

    def __init__(
        self, scheduler: Scheduler, files: Sequence[str], weights: Mapping[tuple[str, str], float]
    ) -> None:
        self.deeds = scheduler.deeds
        self.deeds.clear()
        self.steps_of = scheduler.steps_of
        self.rank = {path: position for position, path in enumerate(files)}
        self.pending = dict.fromkeys(files)
        self.heavy = dict.fromkeys(files, 0.0)
        """Weight of what should come before a file and has not."""
        self.light = dict.fromkeys(files, 0.0)
        """The same of hints; many of them do not count for more than somebody's word."""
        self.followers: dict[str, list[tuple[str, float]]] = {}
        for (source, target), weight in weights.items():
            if source in self.rank and target in self.rank and source != target:
                self._weigh(source, weight)
                self.followers.setdefault(target, []).append((source, weight))
        self.waiting: dict[str, dict[str, None]] = {}
        """Name to the files that cannot run before it comes, or goes."""
        self.hopeless: set[str] = set()
        self.blamed: dict[tuple[str, str], float] = {}
        """Files that should have come after others, and how much that weighs from now on."""
        self.last: dict[str, str] = {}
        """Name to the file that brought it or took it last."""
        self.ready: dict[str, int] = {}
        """Files that can run, and how many doubts there are."""
        self.by_doubt: dict[str, set[str]] = {}
        self.harms: dict[str, int] = {}
        """What is known of `_harm`."""
        self.futile: dict[str, bool] = {}
        """What is known of `_futile`."""
        self.early: dict[str, bool] = {}
        """What is known of `_too_early`."""
        self.breaks: dict[str, float] = {}
        """What is known of `_broken`."""
        self.touches = Touches({path: scheduler.touches(path) for path in files})

    def order(self) -> list[str]:
        """Every file, each at its time."""
        found: list[str] = []
        for path in self.pending:
            self._try(path)
        while self.pending:
            path = self._next()
            if not self._perform(path):
                continue
            found.append(path)
            self._learn(path)
            del self.pending[path]
            self.ready.pop(path, None)
            affected = self.touches.affected(path)
            self.touches.done(path)
            touched = sorted(self.deeds.stage.touched)
            self._forget(path)
            for other in affected:
                if other in self.ready:
                    self._try(other)
            if path not in self.hopeless:
                for follower, weight in self.followers.get(path, ()):
                    self._weigh(follower, -weight)
            for name in touched:
                for waiting in self.waiting.pop(name, ()):
                    if waiting in self.pending and waiting not in self.ready:
                        self._try(waiting)
                for doubtful in sorted(self.by_doubt.pop(name, ())):
                    if doubtful in self.ready:
                        self._try(doubtful)
        return found

    def _learn(self, path: str) -> None:
        """Who is to blame for what the file that has just run, or has not, ran into."""
        if path not in self.ready:
            for name in self.deeds.missed:
                if name in self.last:
                    self.blamed[self.last[name], path] = BLAME
        for body in sorted(self.deeds.doubtful):
            if self.touches.made_elsewhere(body):
                self.blamed[body, path] = DOUBT
        for name in self.deeds.stage.touched:
            self.last[name] = path

    def _weigh(self, path: str, weight: float) -> None:
        (self.light if abs(weight) <= LIGHT else self.heavy)[path] += weight

    def _cost(self, path: str) -> float:
        return round(self.heavy[path] + min(self.light[path], LIGHT * 4), 6)

    def _try(self, path: str) -> None:
        """See whether a file could run now."""
        stage = self.deeds.stage
        touched = stage.touched
        try:
            self.deeds.file(path, self.steps_of.get(path, ()))
        except Stop as stop:
            self.ready.pop(path, None)
            self._wait(path, stop)
        else:
            self._hope(path)
            if path not in self.ready:
                self._forget(path)
            self.ready[path] = len(self.deeds.doubts)
            for name in self.deeds.doubts:
                self.by_doubt.setdefault(name, set()).add(path)
        stage.undo()
        stage.touched = touched

    def _forget(self, path: str) -> None:
        """What is known of files near to one is no more when that one has run, or can run."""
        for other in self.touches.near(path):
            for known in (self.harms, self.early, self.futile, self.breaks):
                known.pop(other, None)

    def _wait(self, path: str, stop: Stop) -> None:
        """Nobody waits for a file that needs what no file brings, or takes out of its way, any more."""
        for name in (*stop.names, stop.owner):
            self.waiting.setdefault(name, {})[path] = None
        if path not in self.hopeless and not any(self.touches.moved(name, path) for name in stop.names):
            self.hopeless.add(path)
            for follower, weight in self.followers.get(path, ()):
                self._weigh(follower, -weight)

    def _hope(self, path: str) -> None:
        if path in self.hopeless:
            self.hopeless.discard(path)
            for follower, weight in self.followers.get(path, ()):
                self._weigh(follower, weight)

    def _next(self) -> str:
        """The file that can run and costs least; where none can, the one that is least held back."""
        if not self.ready:
            for path in self.pending:  # what was renamed on the way is not known by its new name everywhere
                self._try(path)
        if not self.ready:
            return min(
                self.pending,
                key=lambda path: (path not in self.hopeless, self._cost(path), self.rank[path]),
            )
        best, least = self._cheapest()
        if least >= HARM:
            for path in self.pending:
                if path not in self.ready:
                    self._try(path)
            best, _ = self._cheapest()
        return best

    def _cheapest(self) -> tuple[str, float]:
        """The file that can run and costs least, all in all, and what it costs."""
        best, least = "", (float("inf"), 0)
        for cost, rank, path in sorted(
            (
                round(
                    self._cost(path)
                    + DOUBT * self.ready[path]
                    + AGAIN * self._too_early(path)
                    + FUTILE * self._futile(path),
                    6,
                ),
                self.rank[path],
                path,
            )
            for path in self.ready
        ):
            if (cost, rank) >= least:
                break
            total = (cost + HARM * self._harm(path) + self._broken(path), rank)
            if total < least:
                best, least = path, total
        return best, least[0]

    def _too_early(self, path: str) -> bool:
        """Whether it uses what is dropped and made again, can do so after that, and nobody waits for it with the DROP."""
        known = self.early.get(path)
        if known is None:
            takers = self.touches.made_again(path)
            known = bool(takers) and self._waiting_for(path).isdisjoint(takers)
            known = known and not any(self._lost_by(taker, path) for taker in sorted(takers))
            self.early[path] = known
        return known

    def _futile(self, path: str) -> bool:
        """Whether it drops, if it exists, what is not there yet and what others are still to make; or replaces after that."""
        known = self.futile.get(path)
        if known is None:
            waiting: set[str] | None = None
            known = False
            for key in sorted(self.touches.files[path].takes):
                makers = self.touches.others("leavers", key, path)
                if not makers:
                    continue
                if self.deeds.there(key):
                    replaced = key[0] == "relation" and not self.touches.others("anew", key, path)
                    if not replaced:
                        continue
                waiting = self._waiting_for(path) if waiting is None else waiting
                if not waiting.issuperset(makers):
                    known = True
                    break
            self.futile[path] = known
        return known

    def _lost_by(self, taker: str, path: str) -> bool:
        """Whether `path` could not run any more after `taker`."""
        deeds, stage = self.deeds, self.deeds.stage
        before = stage.touched
        deeds.lenient = True  # what else it needs may come before it
        deeds.file(taker, self.steps_of.get(taker, ()))
        deeds.lenient = False
        kept = stage.set_apart()
        lost = self._lost(path, taker) >= HARM
        stage.take_up(kept)
        stage.undo()
        stage.touched = before
        return lost

    def _harm(self, path: str) -> int:
        """How many files that are still to come, and cannot run yet, could not run if this one came first."""
        known = self.harms.get(path)
        if known is None:
            harmed = set(self._harmed(path))
            if harmed:
                harmed -= self._waiting_for(path)
            known = self.harms[path] = len(harmed)
        return known

    def _harmed(self, path: str) -> Iterator[str]:
        touches = self.touches
        file = touches.files[path]
        for key in sorted(file.takes):
            yield from self._without(
                touches.others("needers", key, path), touches.others("leavers", key, path)
            )
        for key in sorted(file.leaves - file.anew):
            for other in touches.others("anew", key, path):
                yield from self._without([other], touches.others_taking(key, path, other))
        for key in sorted(file.leaves):
            for other in touches.others("absent", key, path):
                yield from self._without([other], touches.others_taking(key, path, other))
        blocked: dict[str, None] = {}
        for key in sorted(file.uses):
            strict = touches.others("retypers", key, path)
            if key not in file.needs or touches.others("leavers", key, path):
                strict += touches.others("strict", key, path)
            if strict:
                blocked.update(
                    (other, None) for other in strict if file.leaves.isdisjoint(touches.files[other].clears)
                )
        for other in blocked:
            waiting = self._waiting_for(other)
            droppers = {
                dropper
                for key in file.leaves
                for dropper in touches.others("droppers", key, path)
                if not any(  # else it would drop too early what those make who wait for `other`
                    not waiting.isdisjoint(touches.others("leavers", dropped, path))
                    for dropped in touches.files[dropper].drops
                )
            }
            if droppers <= waiting:
                yield other  # else what it makes goes again, and need not be in the way

    def _without(self, files: list[str], others: list[str]) -> Iterator[str]:
        """Those of `files` for which none of `others`, which need not wait for them, makes up."""
        for path in files:
            if path not in self.ready and not others:
                yield path
            elif path not in self.ready:
                waiting = self._waiting_for(path)
                if all(other in waiting for other in others):
                    yield path

    def _broken(self, path: str) -> float:
        """What it costs other files that can run now if this one goes next: those that could not run any more."""
        known = self.breaks.get(path)
        if known is not None:
            return known
        deeds, stage = self.deeds, self.deeds.stage
        before = stage.touched
        others = [other for other in self.touches.affected(path) if other in self.ready]
        found = 0.0
        if others:
            try:
                deeds.file(path, self.steps_of.get(path, ()))
            except Stop:
                found = 0.0
            else:
                kept = stage.set_apart()
                found = sum(self._lost(other, path) for other in others)
                stage.take_up(kept)
            stage.undo()
        stage.touched = before
        self.breaks[path] = found
        return found

    def _lost(self, other: str, path: str) -> float:
        """What it costs `other` that `path` has just run.

        Nothing if it can run still; little if files that are still to come, and need not wait for it, make up for it;
        else it is lost, and so are those that wait for what only it brings.
        """
        stop = self._refusal(other)
        if stop is None:
            return 0.0
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
                self.deeds.lenient = True  # what else it needs may come before it
                self.deeds.file(mover, self.steps_of.get(mover, ()))
                self.deeds.lenient = False
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

    def _perform(self, path: str) -> bool:
        """Run it; False if it could run earlier, and no more."""
        deeds = self.deeds
        possible = path in self.ready
        doubts = self.ready.get(path, 0)
        deeds.lenient = not possible
        try:
            deeds.file(path, self.steps_of.get(path, ()))
        except Stop as stop:
            deeds.stage.undo()
            del self.ready[path]
            self._wait(path, stop)
            return False
        finally:
            deeds.lenient = False
        if possible and len(deeds.doubts) > doubts:
            deeds.stage.undo()
            self._try(path)
            return False
        return True


__all__ = ["Scheduler"]
