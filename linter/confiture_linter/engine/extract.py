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
    from confiture_linter.sources.django_names import DjangoNames

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

OTHER_LANGUAGE_WEIGHT = 10
"""A byte of Python costs about ten times as much to read as one of SQL."""


class Extraction:
    """Files that are read and wait to be parsed."""

    def __init__(self, sources: Sequence[SourceFile], placeholders: tuple[tuple[str, str], ...] = ()) -> None:
        self.sources = sources
        self._placeholders = placeholders
        self._names: DjangoNames | None = None
        self._there: frozenset[int] = frozenset()
        """Indexes of the files that the second process does."""
        self._child: Forked[list[tuple[SourceFile | None, FileFacts]]] | None = None

    def start(self) -> None:
        """Set the second process to work, if it is worth one."""
        # Both processes need the parser: import it once, before they part.
        from confiture_linter.parse import expect_much

        if sum(len(source.text) for source in self.sources) > MUCH_SQL_BYTES:
            expect_much()
        if any(source.language == "python" for source in self.sources):
            from confiture_linter.sources.django_names import django_names
            from confiture_linter.sources.python_file import expect_python

            expect_python()
            self._names = django_names((source.path, source.text) for source in self.sources)

        there = _share(self.sources)
        if there and can_fork():
            rest = [self.sources[index] for index in there]
            self._child = Forked(lambda: [self._answer(source) for source in rest])
            self._there = frozenset(there)

    def finish(self) -> Extracted:
        """The facts of every file; what the second process did not deliver is done here."""
        facts = {
            source.path: self._read(source)
            for index, source in enumerate(self.sources)
            if index not in self._there
        }
        received = self._child.result() if self._child is not None else None
        if received:
            sources = {source.path: source for source in self.sources}
            facts.update((fact.path, (read or sources[fact.path], fact)) for read, fact in received)
        return {
            source.path: facts[source.path] if source.path in facts else self._read(source)
            for source in self.sources
        }

    def _read(self, source: SourceFile) -> "tuple[SourceFile, FileFacts]":
        from confiture_linter.engine.file_facts import source_facts

        if source.language != "sql":
            from confiture_linter.sources.other_languages import read_embedded

            source = read_embedded(source, self._placeholders, self._names)
        return source, source_facts(source)

    def _answer(self, source: SourceFile) -> "tuple[SourceFile | None, FileFacts]":
        """What the second process sends back: the file itself only where it read more than was known."""
        read, facts = self._read(source)
        return (None if read is source else read), facts


def begin_extraction(
    files: Sequence[Discovered], config: Config, overlays: Mapping[str, bytes]
) -> Extraction:
    """Read all files."""
    return Extraction(read_all(files, config, overlays), config.schema.placeholders)


def read_all(files: Sequence[Discovered], config: Config, overlays: Mapping[str, bytes]) -> list[SourceFile]:
    """The text of every file; overlays stand in for what is on disk."""
    placeholders = config.schema.placeholders
    return [
        source_from(overlays[file.path], file.path, placeholders, file.role)
        if file.path in overlays
        else read_source(file.disk, file.path, placeholders, file.role)
        for file in files
    ]


def _share(sources: Sequence[SourceFile]) -> list[int]:
    """Indexes of the files for the second process; none if there is too little to do."""
    weights = [len(source.text) * _weight(source) for source in sources]
    if sum(len(source.text) * _costs(source) for source in sources) < WORTH_A_PROCESS_BYTES:
        return []
    left = sum(weights) * CHILD_SHARE
    chosen = []
    for index in sorted(range(len(sources)), key=lambda i: -_weight(sources[i])):
        if left <= 0:
            break
        left -= weights[index]
        chosen.append(index)
    return chosen


def _costs(source: SourceFile) -> int:
    return 1 if source.language == "sql" else OTHER_LANGUAGE_WEIGHT


def _weight(source: SourceFile) -> int:
    if source.language != "sql":
        return OTHER_LANGUAGE_WEIGHT
    return FUNCTION_WEIGHT if b"FUNCTION" in source.text or b"function" in source.text else 1
