"""Answers kept between runs: the findings of an unchanged tree, and the parsed configuration.

Addressed by content: the key is a digest of everything that goes into the answer (every byte of every file, the
configuration, the options, this program's own files, Python and the parser). An entry is written beside its place and
renamed, so that two processes never see half of one; it carries a digest of its own, so that a damaged one is a
miss and not an error. Entries are pickled, which is safe because the directory belongs to the user alone and
nothing is read from one that does not.
"""

import os
import pickle
import sys
from collections.abc import Iterable
from typing import Any

from confiture_linter.version import __version__

KEPT_ENTRIES = 64
"""Older entries are removed when a new one is written."""

_DIGEST = 32
_MAGIC = b"confiture-lint cache 1\n"


class Cache:
    """A directory of entries; every method fails silently into a miss."""

    def __init__(self, directory: str) -> None:
        self.directory = directory

    def load(self, kind: str, key: str) -> Any:
        """The value stored under `key`; None if there is none that can be trusted."""
        try:
            status = os.stat(self.directory)
            if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
                return None
            with open(self._path(kind, key), "rb") as file:
                data = file.read()
            start = len(_MAGIC) + _DIGEST
            if data[: len(_MAGIC)] != _MAGIC or _digest(data[start:]) != data[len(_MAGIC) : start]:
                return None
            return pickle.loads(data[start:])  # noqa: S301 - see the module's docstring
        except Exception:
            return None

    def store(self, kind: str, key: str, value: Any) -> None:
        """Keep `value` under `key`."""
        path = self._path(kind, key)
        temporary = f"{path}.{os.getpid()}"
        try:
            body = pickle.dumps(value, 5)
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            with open(temporary, "wb") as file:
                file.write(_MAGIC + _digest(body) + body)
            os.replace(temporary, path)
            self._prune(kind)
        except Exception:
            try:
                os.unlink(temporary)
            except OSError:
                return

    def _path(self, kind: str, key: str) -> str:
        return os.path.join(self.directory, f"{kind}-{key}")

    def _prune(self, kind: str) -> None:
        entries = [entry for entry in os.scandir(self.directory) if entry.name.startswith(kind)]
        if len(entries) > KEPT_ENTRIES:
            entries.sort(key=lambda entry: entry.stat().st_mtime_ns)
            for entry in entries[: len(entries) - KEPT_ENTRIES]:
                os.unlink(entry.path)


def cache_directory() -> str | None:
    """`$CONFITURE_CACHE_DIR`, else `$XDG_CACHE_HOME/confiture-lint`, else `~/.cache/confiture-lint`."""
    given = os.environ.get("CONFITURE_CACHE_DIR")
    if given:
        return given
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return None if base.startswith("~") else os.path.join(base, "confiture-lint")


def digest(parts: Iterable[bytes | str]) -> str:
    """A key over `parts`, each with its length so that none can run into the next."""
    from hashlib import blake2b

    state = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()


def program_identity() -> list[str]:
    """What this program is: its version, Python's, and name, size and time of each of its files."""
    found = [__version__, sys.version]
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    roots = [here]
    for path in sys.path:
        rules = os.path.join(path, "confiture_rules")
        if os.path.isdir(rules):
            roots.append(rules)
            break
    beside = os.path.join(os.path.dirname(os.path.dirname(here)), "rules", "confiture_rules")
    if len(roots) == 1 and os.path.isdir(beside):
        roots.append(beside)
    while roots:
        for entry in os.scandir(roots.pop()):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    roots.append(entry.path)
            elif entry.name.endswith((".py", ".json")):
                status = entry.stat()
                found.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
    found.sort()
    return found


def _digest(data: bytes) -> bytes:
    from hashlib import blake2b

    return blake2b(data, digest_size=_DIGEST).digest()
