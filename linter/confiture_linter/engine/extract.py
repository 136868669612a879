"""Reads and parses all files of a tree, in two processes and with a cache."""

from collections.abc import Mapping, Sequence

from confiture_linter.config import Config
from confiture_linter.engine.file_facts import FileFacts, file_facts
from confiture_linter.sources import SourceFile, read_source, source_from
from confiture_linter.sources.discover import Discovered

Extracted = dict[str, tuple[SourceFile, FileFacts]]


def extract(
    files: Sequence[Discovered], config: Config, cache: str | None, overlays: Mapping[str, bytes]
) -> Extracted:
    """The source and the facts of every file, by path."""
    placeholders = config.schema.placeholders
    extracted: Extracted = {}
    for file in files:
        if file.path in overlays:
            source = source_from(overlays[file.path], file.path, placeholders, file.role)
        else:
            source = read_source(file.disk, file.path, placeholders, file.role)
        extracted[file.path] = (source, file_facts(file.path, source.text, source.substitutions))
    return extracted
