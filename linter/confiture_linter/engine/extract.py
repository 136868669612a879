"""Reads and parses all files of a tree, on two processors where there are two.

While the second process works the caller may load rules, which is why starting and finishing are two steps.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from confiture_linter.config import Config
from confiture_linter.engine.fork import Forked, can_fork
from confiture_linter.sources import SourceFile, read_source, source_from
from confiture_linter.sources.discover import Discovered

if TYPE_CHECKING:
    from confiture_linter.engine.file_facts import FileFacts

Extracted = dict[str, "tuple[SourceFile, FileFacts]"]

WORTH_A_PROCESS_BYTES = 150_000
"""Below this the second process costs more than it saves."""

MUCH_SQL_BYTES = 1_000_000
"""From here on the faster decoder of syntax trees pays for its import."""

CHILD_SHARE = 0.55
"""Part of the work that the second process takes: the first one loads rules meanwhile, but must read the answer."""

FUNCTION_WEIGHT = 2
"""Bytes of function bodies cost about twice as much to analyse as others, and make a smaller answer to send
back: so the second process takes them first (measured, benchmarks/RESULTS.md)."""


class Extraction:
    """Files that are read and wait to be parsed."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self.sources = sources
        self._there: frozenset[int] = frozenset()
        """Indexes of the files that the second process does."""
        self._child: Forked[list[FileFacts]] | None = None

    def start(self) -> None:
        """Set the second process to work, if it is worth one."""
        # Both processes need the parser: import it once, before they part.
        from confiture_linter.parse import expect_much

        if sum(len(source.text) for source in self.sources) > MUCH_SQL_BYTES:
            expect_much()

        there = _share(self.sources)
        if there and can_fork():
            rest = [self.sources[index] for index in there]
            self._child = Forked(lambda: [_facts(source) for source in rest])
            self._there = frozenset(there)

    def finish(self) -> Extracted:
        """The facts of every file; what the second process did not deliver is done here."""
        facts = {
            source.path: _facts(source)
            for index, source in enumerate(self.sources)
            if index not in self._there
        }
        received = self._child.result() if self._child is not None else None
        facts.update((fact.path, fact) for fact in received or ())
        return {
            source.path: (source, facts[source.path] if source.path in facts else _facts(source))
            for source in self.sources
        }


def begin_extraction(
    files: Sequence[Discovered], config: Config, overlays: Mapping[str, bytes]
) -> Extraction:
    """Read all files."""
    return Extraction(read_all(files, config, overlays))


def read_all(files: Sequence[Discovered], config: Config, overlays: Mapping[str, bytes]) -> list[SourceFile]:
    """The text of every file; overlays stand in for what is on disk."""
    placeholders = config.schema.placeholders
    return [
        source_from(overlays[file.path], file.path, placeholders, file.role)
        if file.path in overlays
        else read_source(file.disk, file.path, placeholders, file.role)
        for file in files
    ]


def _facts(source: SourceFile) -> "FileFacts":
    from confiture_linter.engine.file_facts import file_facts

    return file_facts(source.path, source.text, source.substitutions)


def _share(sources: Sequence[SourceFile]) -> list[int]:
    """Indexes of the files for the second process; none if there is too little to do."""
    weights = [len(source.text) * _weight(source) for source in sources]
    if sum(len(source.text) for source in sources) < WORTH_A_PROCESS_BYTES:
        return []
    left = sum(weights) * CHILD_SHARE
    chosen = []
    for index in sorted(range(len(sources)), key=lambda i: -_weight(sources[i])):
        if left <= 0:
            break
        left -= weights[index]
        chosen.append(index)
    return chosen


def _weight(source: SourceFile) -> int:
    return FUNCTION_WEIGHT if b"FUNCTION" in source.text or b"function" in source.text else 1
