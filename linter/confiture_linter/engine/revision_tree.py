"""The files of a git revision, laid out in a folder that is thrown away: everything that reads a tree can then read it.

Blobs are read, nothing is checked out: no hook, filter or attribute of the repository has a say, and neither its index nor
its work tree is touched.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from confiture_linter.engine.revision import git
from confiture_linter.model import ConfigError, Problem
from confiture_linter.sources.discover import MIGRATION_SUFFIXES, NAMED_SUFFIXES
from confiture_linter.sources.read import MAX_BYTES

SMALL_BYTES = 256 * 1024
"""Other files, of which any may be a load list or a plan, are laid out up to this size."""
_READ = (*NAMED_SUFFIXES, *MIGRATION_SUFFIXES, ".json")
_LINK = "120000"
"""Mode of a symbolic link."""
_IGNORE = ".gitignore"
"""What is in a revision is tracked, and what is tracked is not ignored."""


class Revision(NamedTuple):
    """A revision laid out."""

    commit: str
    top: str
    """The folder that stands for the top of the repository."""
    here: str
    """The folder in it that stands for the one that was asked about."""
    repository: str
    """The top of the repository itself."""


def commit_of(reference: str, here: str) -> str:
    """The commit that a reference means; raises `ConfigError` if git knows none."""
    if not reference or reference.startswith("-"):
        raise ConfigError((Problem("", 0, 0, f"{reference or 'an empty name'} is no git revision"),))
    try:
        found = git(here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    except ConfigError:
        git(here, "rev-parse", "--git-dir")  # says it better where there is no repository at all
        raise ConfigError(
            (Problem("", 0, 0, f"git knows no revision {reference}", "name a commit, a branch or a tag"),)
        ) from None
    return found.strip()


@contextmanager
def revision_tree(reference: str, here: str) -> Iterator[Revision]:
    """Lay a revision out, and take it away again."""
    commit = commit_of(reference, here)
    repository = git(here, "rev-parse", "--show-toplevel").rstrip("\n")
    below = git(here, "rev-parse", "--show-prefix").rstrip("\n")
    top = os.path.realpath(tempfile.mkdtemp(prefix="confiture-at-"))
    try:
        _lay_out(commit, repository, top)
        os.makedirs(os.path.join(top, ".git"), exist_ok=True)  # where the search for a configuration ends
        inside = os.path.join(top, below) if below else top
        os.makedirs(inside, exist_ok=True)
        yield Revision(commit, top, inside, repository)
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _lay_out(commit: str, repository: str, top: str) -> None:
    listed = git(repository, "ls-tree", "-r", "-z", "-l", "--full-tree", commit)
    wanted: list[tuple[str, str, str]] = []
    for entry in filter(None, listed.split("\0")):
        head, _, path = entry.partition("\t")
        mode, kind, name, size = head.split()
        if kind == "blob" and _is_wanted(path, int(size)):
            wanted.append((mode, name, path))
    with tempfile.TemporaryFile() as names:
        names.write("".join(f"{name}\n" for _, name, _ in wanted).encode())
        names.seek(0)
        process = subprocess.Popen(
            ["git", "cat-file", "--batch"],  # noqa: S607 - the user's git, as on their PATH
            cwd=repository,
            stdin=names,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with process:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            for mode, _, path in wanted:
                _write(os.path.join(top, path), _blob(process.stdout, path), top, link=mode == _LINK)


def _is_wanted(path: str, size: int) -> bool:
    parts = path.split("/")
    if any(part in ("", ".", "..", ".git") for part in parts) or os.path.isabs(path):
        return False
    if parts[-1] == _IGNORE:
        return False
    # One byte more than is read, so that what is too large is said to be.
    return size <= SMALL_BYTES or (path.lower().endswith(_READ) and size <= MAX_BYTES + 1)


def _blob(stream: IO[bytes], path: str) -> bytes:
    head = stream.readline().split()
    if len(head) != 3:
        raise ConfigError((Problem(path, 0, 0, "git cannot read this file of the revision"),))
    data = stream.read(int(head[2]))
    stream.read(1)
    return data


def _write(disk: str, data: bytes, top: str, *, link: bool) -> None:
    os.makedirs(os.path.dirname(disk), exist_ok=True)
    if not link:
        with open(disk, "wb") as file:
            file.write(data)
        return
    target = os.fsdecode(data)
    meant = os.path.normpath(os.path.join(os.path.dirname(disk), target))
    # What points out of the repository points to nothing that the revision knows.
    if not os.path.isabs(target) and (meant == top or meant.startswith(top + os.sep)):
        os.symlink(target, disk)


__all__ = ["Revision", "commit_of", "revision_tree"]
