"""An order of files found by trying them: one that can run, and after which the others still can, goes next.

Where objects are dropped, renamed and made again, what each file needs does not say by which of several makers it is
meant to be satisfied; what exists at the time does. `Deeds` tells whether a file can run; this module chooses.
"""

from collections.abc import Iterable, Mapping, Sequence

from confiture_linter.graph.deeds import Deeds
from confiture_linter.graph.losses import HARM, Losses
from confiture_linter.graph.makers import Step
from confiture_linter.graph.needed import DOUBTS_OF_A_FILE
from confiture_linter.graph.repair import Trial
from confiture_linter.graph.stage import Stop
from confiture_linter.graph.touches import FileTouches, Touches, touches

TURNS = 6
"""How often all files are ordered anew from what was learned."""
LARGE, FEW_TURNS = 5000, 2
"""From how many statements on a turn takes seconds, and how many there are then."""
PATIENCE = 2
"""After how many turns that were no better there is no other."""
BLAME = 150.0
"""What it weighs, each time, that a file was in the way of another."""
LIGHT = 10.0
"""What a hint weighs at most."""
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
        doubted: dict[str, tuple[list[str], list[str]]] = {}
        doubts = 0
        for path in order:
            try:
                deeds.file(path, self.steps_of.get(path, ()))
            except Stop as stop:
                deeds.stage.undo()
                refused[path] = stop.names
            else:
                doubts += deeds.doubtfulness
                if deeds.doubts:
                    doubted[path] = sorted(deeds.doubts), sorted(deeds.doubtful)
                for name in deeds.stage.touched:
                    movers.setdefault(name, []).append(path)
        return Trial(refused, doubts, movers, doubted)

    def schedule(self, files: Sequence[str], weights: Mapping[tuple[str, str], float]) -> list[str]:
        """The order; `files` is the one preferred, `weights` says how much it matters that one comes after another.

        Where a file cannot run, the one that took away what it needs should have come later: the next turn knows that.
        """
        learned = dict(weights)
        best = list(files)
        least = float("inf")
        idle = 0
        large = sum(len(self.steps_of.get(path, ())) for path in files) > LARGE
        for _ in range(FEW_TURNS if large else TURNS):
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
        return best


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
        self.took: dict[str, dict[str, None]] = {}
        """Name to the files that have run to take it, even for nothing."""
        self.suspects: dict[str, dict[str, None]] = {}
        """File to those that took or changed what it ran into, whenever it was tried."""
        self.ready: dict[str, int] = {}
        """Files that can run, and how many doubts there are."""
        self.doubted: dict[str, frozenset[str]] = {}
        """The names in those doubts."""
        self.by_doubt: dict[str, set[str]] = {}
        self.touches = Touches({path: scheduler.touches(path) for path in files})
        self.losses = Losses(self.deeds, self.steps_of, self.touches, self.ready, self.doubted)

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
            touched = sorted(self.deeds.stage.touched)
            affected = self.touches.affected(path, touched)
            self.touches.done(path)
            self.losses.forget(path)
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
            for number, name in enumerate(self.deeds.missed):
                # What follows the first name belongs to it, and was made for others, too.
                if name in self.last and (number == 0 or self.touches.changes(self.last[name])):
                    self.blamed[self.last[name], path] = BLAME
                    for other in self.took.get(name, ()):
                        if other != self.last[name]:  # for nothing: what is in the way came later
                            self.blamed[other, self.last[name]] = BLAME
            for other in self.suspects.get(path, ()):
                self.blamed[other, path] = BLAME
        for body in sorted(self.deeds.doubtful):
            if self.touches.made_elsewhere(body):
                self.blamed[body, path] = DOUBT
        for name in self.deeds.stage.touched:
            self.last[name] = path
        for name in self.touches.taken(path):
            self.took.setdefault(name, {})[path] = None

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
            self.touches.mind(path, self.deeds.minded)
            if path not in self.ready:
                self.losses.forget(path)
            self.ready[path] = self._doubts(path)
            self.doubted[path] = frozenset(self.deeds.doubts)
            for name in self.deeds.doubts:
                self.by_doubt.setdefault(name, set()).add(path)
        stage.undo()
        stage.touched = touched

    def _doubts(self, path: str) -> int:
        """How many doubts there are about the file that was run that another one may yet dispel."""
        deeds = self.deeds
        return DOUBTS_OF_A_FILE * deeds.undone + sum(self.touches.moved(name, path) for name in deeds.doubts)

    def _wait(self, path: str, stop: Stop) -> None:
        """Nobody waits for a file that needs what no file brings, or takes out of its way, any more."""
        for name in (*stop.names, stop.owner):
            self.waiting.setdefault(name, {})[path] = None
        for name in stop.names:
            other = self.last.get(name, "")
            if other and self.touches.changes(other):
                self.suspects.setdefault(path, {})[other] = None
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
                round(self._cost(path) + DOUBT * self.ready[path] + self.losses.haste(path), 6),
                self.rank[path],
                path,
            )
            for path in self.ready
        ):
            if (cost, rank) >= least:
                break
            total = (cost + self.losses.loss(path), rank)
            if total < least:
                best, least = path, total
        return best, least[0]

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
        if possible and self._doubts(path) > doubts:
            deeds.stage.undo()
            self._try(path)
            return False
        return True


__all__ = ["Scheduler"]
