r"""Follows a psql driver file: `\i` and `\ir`, in files that include files."""

import os
import posixpath
import re

from confiture_linter.model import LineIndex, Problem
from confiture_linter.sources.read import read_source
from confiture_linter.sources.source_file import Include, SourceFile

_NOT_CODE = re.compile(rb"(?>(?:\s++|--[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/|;)*)")
_VARIABLE = re.compile(r":(?:'(\w+)'|\"(\w+)\"|(\w+))")


def follow_driver(
    root: str, driver: str, known: frozenset[str], placeholders: tuple[tuple[str, str], ...] = ()
) -> tuple[list[str], list[Problem]]:
    """List the files a driver reads, in order, and those it names that are not there.

    A file that includes others stands before them where its own SQL begins before the first include, after them
    otherwise.
    """
    following = _Following(root, driver, known, placeholders)
    following.read(posixpath.normpath(driver), ())
    return following.files, following.problems


class _Following:
    def __init__(
        self, root: str, driver: str, known: frozenset[str], placeholders: tuple[tuple[str, str], ...]
    ) -> None:
        self.root = root
        self.known = known
        self.placeholders = placeholders
        self.files: list[str] = []
        self.problems: list[Problem] = []
        self.variables = {key[1:]: value for key, value in placeholders if key.startswith(":")}
        self.started_in = posixpath.dirname(posixpath.normpath(driver))
        """The folder psql is taken to run in: `\\cd` changes it."""
        self._lines: dict[str, LineIndex] = {}

    def read(self, path: str, above: tuple[str, ...]) -> None:
        """Read one file and what it includes, in order."""
        source = read_source(os.path.join(self.root, path), path, self.placeholders)
        for problem in source.problems:
            if problem.kind == "unreadable":
                self.problems.append(Problem(path, 0, 0, f"the build order {problem.message}"))
                return
        first = source.includes[0].span.start if source.includes else len(source.text)
        leads = not source.includes or not _NOT_CODE.fullmatch(source.text, 0, first)
        if path in self.known and leads:
            self.files.append(path)
        included = {include.span: include for include in source.includes}
        for name, span in source.commands:
            if span in included:
                self._include(source, included[span], (*above, path))
            elif name in ("cd", "set"):
                self._obey(name, source.data[span.start : span.end].decode("utf-8", "replace"))
        if path in self.known and not leads:
            self.files.append(path)

    def _obey(self, name: str, command: str) -> None:
        words = command.split(None, 2)
        if name == "cd" and len(words) > 1:
            target = self._expanded(words[1].strip("'\""))
            self.started_in = posixpath.normpath(posixpath.join(self.started_in, target))
        elif name == "set" and len(words) > 2:
            self.variables.setdefault(words[1], words[2].strip().strip("'"))

    def _expanded(self, path: str) -> str:
        return _VARIABLE.sub(
            lambda found: self.variables.get(found[1] or found[2] or found[3], found[0]), path
        ).replace("\\", "/")

    def _include(self, source: SourceFile, include: Include, above: tuple[str, ...]) -> None:
        written = self._expanded(include.path)
        target = self._found(source.path, written, relative=include.relative)
        if target is None:
            lines = self._lines.setdefault(source.path, LineIndex(source.data))
            place = lines.position(include.span.start)
            message = f"no such file: {written}"
            hint = "add the variable to schema.placeholders" if _VARIABLE.search(written) else ""
            self.problems.append(Problem(source.path, place.line, place.column, message, hint))
        elif target not in above:
            self.read(target, above)

    def _found(self, including: str, written: str, *, relative: bool) -> str | None:
        r"""Find an included file; psql reads `\i` from its working folder, which nobody writes down."""
        beside = posixpath.dirname(including)
        folders = [beside] if relative else [self.started_in, "", beside]
        if not relative:
            folder = self.started_in
            while folder and folder != posixpath.dirname(folder):
                folder = posixpath.dirname(folder)
                folders.append(folder)
        for folder in folders:
            candidate = posixpath.normpath(posixpath.join(folder, written))
            if candidate in self.known or os.path.isfile(os.path.join(self.root, candidate)):
                return candidate
        return None
