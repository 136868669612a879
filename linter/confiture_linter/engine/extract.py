"""Reads and parses all files of a tree, on two processors where there are two.

The parser holds Python's global lock, so a second thread gains nothing; a forked process does. It takes the
last part of the files, sends their facts back pickled, and is gone. While it works the caller may load rules,
which is why beginning and finishing are two steps.
"""

import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from confiture_linter.config import Config
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
        self._child: _Child | None = None

    def start(self) -> None:
        """Set the second process to work, if it is worth one."""
        # Both processes need the parser: import it once, before they part.
        import confiture_linter.engine.file_facts  # noqa: F401

        split = _share(self.sources)
        if split < len(self.sources) and _can_fork():
            self._child = _Child(self.sources[split:])
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


def _can_fork() -> bool:
    """Whether a second process may be forked: there is a processor for it, and no thread that could hold a lock."""
    if not hasattr(os, "fork") or sys.platform == "darwin" or os.environ.get("CONFITURE_SINGLE_PROCESS"):
        return False
    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        return False
    return len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) > 1


class _Child:
    """A forked process that parses some files and writes their facts into a pipe."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _work(sources, writing)
        os.close(writing)
        self._received = bytearray()
        self._thread = _drain(reading, self._received)

    def result(self) -> "list[FileFacts] | None":
        """The facts; None if the process failed in any way."""
        self._thread.join()
        _, status = os.waitpid(self.pid, 0)
        if status != 0:
            return None
        try:
            facts: list[FileFacts] = pickle.loads(self._received)  # noqa: S301 - our own child wrote it
        except Exception:
            return None
        return facts


def _work(sources: Sequence[SourceFile], writing: int) -> None:
    """The child: never returns, never touches the parent's streams."""
    code = 1
    try:
        with os.fdopen(writing, "wb", 1 << 20) as pipe:
            pickle.dump([_facts(source) for source in sources], pipe, 5)
        code = 0
    finally:
        os._exit(code)


def _drain(reading: int, received: bytearray) -> Any:
    """Read a pipe to its end on a thread, so that the child is never held up by a full pipe."""
    import threading

    def read() -> None:
        with os.fdopen(reading, "rb", 0) as pipe:
            while chunk := pipe.read(1 << 20):
                received.extend(chunk)

    thread = threading.Thread(target=read, name="confiture-facts", daemon=True)
    thread.start()
    return thread
