"""What .gitignore says about the files of a walk.

Most patterns are about files no schema has (`*.log`, `node_modules/`), and nearly no SQL file is ignored. So the last
part of every pattern is first held against the bare name, which costs nothing; pathspec, and its import, answer
only where a pattern could really match. As with git, a file that is tracked is not ignored.
"""

import os
import re
from typing import Any

_WILD = re.compile(r"[*?\[\\]")
_MAX_BYTES = 1 << 20


class GitIgnore:
    """The .gitignore files from the root of the repository down, as they are met."""

    def __init__(self, root: str) -> None:
        self.active = False
        """Whether there is any pattern at all."""
        self._repository = ""
        self._index: bytes | None = None
        self._lines: dict[str, list[str]] = {}
        self._specs: dict[str, Any] = {}
        self._names: set[str] = set()
        self._parents: set[str] = set()
        self._prefixes: tuple[str, ...] = ()
        self._suffixes: tuple[str, ...] = ()
        self._others: list[re.Pattern[str]] = []
        self._from_above(os.path.abspath(root))

    def add(self, folder: str, path: str) -> None:
        """Take note of the .gitignore at `path`, which holds for `folder`."""
        try:
            with open(path, "rb") as file:
                text = file.read(_MAX_BYTES).decode("utf-8", "replace")
        except OSError:
            return
        lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
        if lines:
            self.active = True
            self._lines[os.path.abspath(folder)] = lines
            for line in lines:
                self._hint(line.strip())

    def ignores(self, folder: str, name: str, *, is_folder: bool) -> bool:
        """Whether `name` in `folder` is ignored; `folder` itself is not."""
        if not (
            name in self._names
            or name.endswith(self._suffixes)
            or name.startswith(self._prefixes)
            or (self._parents and os.path.basename(folder) in self._parents)
            or (self._others and any(other.match(name) for other in self._others))
        ):
            return False
        return self._exactly(os.path.join(os.path.abspath(folder), name), is_folder=is_folder)

    def _from_above(self, root: str) -> None:
        """Load what stands above the root of the walk; not what ignores that root, which was asked for."""
        above = []
        folder = root
        while not os.path.exists(os.path.join(folder, ".git")):
            parent = os.path.dirname(folder)
            if parent == folder:
                return
            folder = parent
            above.append(folder)
        self._repository = folder
        for folder in reversed(above):
            path = os.path.join(folder, ".gitignore")
            if os.path.isfile(path):
                self.add(folder, path)
        asked = root
        while self._lines and asked != self._repository:
            parent, name = os.path.split(asked)
            if self.ignores(parent, name, is_folder=True):
                self._lines.clear()
            asked = parent

    def _hint(self, pattern: str) -> None:
        """Remember by which bare names `pattern` could match."""
        if pattern[0] == "!":
            return
        parts = [part for part in pattern.split("/") if part]
        if not parts:
            return
        last = parts[-1]
        wild = _WILD.search(last)
        if wild is None:
            self._names.add(last)
        elif len(parts) > 1 and not _WILD.search(parts[-2]):
            self._parents.add(parts[-2])
        elif wild.start():
            self._prefixes += (last[: wild.start()],)
        elif last[0] == "*" and len(last) > 1 and not _WILD.search(last, 1):
            self._suffixes += (last[1:],)
        else:
            import fnmatch

            self._others.append(re.compile(fnmatch.translate(last.replace("\\", "").replace("[^", "[!"))))

    def _exactly(self, path: str, *, is_folder: bool) -> bool:
        """Ask pathspec, the nearest .gitignore first."""
        for folder in sorted(self._lines, key=len, reverse=True):
            above = folder if folder.endswith(os.sep) else folder + os.sep
            if not path.startswith(above):
                continue
            relative = path[len(above) :].replace(os.sep, "/") + ("/" if is_folder else "")
            spec = self._spec(folder)
            verdict = _last(spec, relative) if is_folder else spec.check_file(relative).include
            if verdict is not None:
                return bool(verdict) and not self._tracked(path, is_folder=is_folder)
        return False

    def _spec(self, folder: str) -> Any:
        spec = self._specs.get(folder)
        if spec is None:
            import pathspec

            spec = self._specs[folder] = pathspec.GitIgnoreSpec.from_lines(self._lines[folder])
        return spec

    def _tracked(self, path: str, *, is_folder: bool) -> bool:
        """Look the path up in git's index: each entry has two bytes of flags, its path and a NUL.

        An index of version 4 shortens paths; nothing is found in it, and the ignored file stays ignored.
        """
        if not self._repository:
            return False
        if self._index is None:
            try:
                with open(os.path.join(self._repository, ".git", "index"), "rb") as file:
                    self._index = file.read()
            except OSError:
                self._index = b""
        index = self._index
        name = os.fsencode(os.path.relpath(path, self._repository).replace(os.sep, "/"))
        wanted = name + (b"/" if is_folder else b"\0")
        at = index.find(wanted)
        while at >= 2:
            length = int.from_bytes(index[at - 2 : at]) & 0xFFF
            if length == 0xFFF or (length > len(name) if is_folder else length == len(name)):
                return True
            at = index.find(wanted, at + 1)
        return False


def _last(spec: Any, folder: str) -> bool | None:
    """What the last pattern that fits a folder says, as git has it; those above it have been asked already.

    pathspec would let `*` win over a later `!/deploy/`.
    """
    for pattern in reversed(spec.patterns):
        if pattern.include is not None and pattern.match_file(folder) is not None:
            return bool(pattern.include)
    return None
