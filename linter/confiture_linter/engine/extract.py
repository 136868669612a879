"""Reads and parses all files of a tree, on two processors where there are two.

The second process takes the last part of the files. While it works the caller may load rules, which is why
starting and finishing are two steps.
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

CHILD_SHARE = 0.52
"""Part of the bytes that the second process takes: the first one loads rules meanwhile, but must read the
answer (measured, benchmarks/RESULTS.md)."""


class Extraction:
    """Files that are read and wait to be parsed."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self.sources = sources
        self._split = len(sources)
        self._child: Forked[list[FileFacts]] | None = None

    def start(self) -> None:
        """Set the second process to work, if it is worth one."""
        # Both processes need the parser: import it once, before they part.
        import confiture_linter.engine.file_facts  # noqa: F401

        split = _share(self.sources)
        if split < len(self.sources) and can_fork():
            rest = self.sources[split:]
            self._child = Forked(lambda: [_facts(source) for source in rest])
            self._split = split

    def finish(self) -> Extracted:
        """The facts of every file; what the second process did not deliver is done here."""
        facts = [_facts(source) for source in self.sources[: self._split]]
        if self._child is not None:
            received = self._child.result()
            if received is None:
                received = [_facts(source) for source in self.sources[self._split :]]
            facts += received
        return {source.path: (source, fact) for source, fact in zip(self.sources, facts, strict=True)}


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


def _share(sources: Sequence[SourceFile]) -> int:
    """The index from which the second process takes over; the number of files if it is not worth one."""
    total = sum(len(source.text) for source in sources)
    if total < WORTH_A_PROCESS_BYTES:
        return len(sources)
    left = total * (1 - CHILD_SHARE)
    for index, source in enumerate(sources):
        left -= len(source.text)
        if left < 0:
            return index + 1
    return len(sources)
