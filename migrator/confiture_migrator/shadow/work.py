"""The work directory of a shadow: who owns it, and the reaping of those whose owner was killed.

A directory is reaped only if it bears our name, belongs to our uid, holds an owner record of ours from our own pid
namespace, the recorded process (pid and start time) is gone, and nobody holds the lock on the record. The kernel drops
that lock when the owner dies, however it dies.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confiture_migrator.shadow.account import Account
from confiture_migrator.shadow.errors import ShadowError

PREFIX = "confiture-shadow-"
OWNER = "owner"
PORT = 54320
LONGEST_SOCKET = 103
"""Linux takes 107 bytes, macOS 103."""
PATIENCE = 10.0
"""Seconds a server gets to quit before it is killed."""


@dataclass(frozen=True, slots=True)
class Work:
    """A directory of ours; `lock` is the descriptor that proves it is in use."""

    path: Path
    lock: int

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.path / "data"

    @property
    def run(self) -> Path:
        """The socket."""
        return self.path / "run"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.path / "log"

    @property
    def closed(self) -> bool:
        """Whether the directory is gone."""
        return not self.path.exists()

    def remove(self) -> None:
        """Delete the directory and let go of it."""
        try:
            _remove(self.path)
        finally:
            os.close(self.lock)


def claim(account: Account, parent: Path | None = None) -> Work:
    """Make a work directory that is ours and locked."""
    base = base_directory(account, parent)
    path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    lock = os.open(path / OWNER, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.write(lock, json.dumps(_record()).encode())
    work = Work(path, lock)
    path.chmod(0o711 if account.demoted else 0o700)
    for folder in (work.data, work.run):
        folder.mkdir(mode=0o700)
        account.give(folder)
    return work


def base_directory(account: Account, parent: Path | None = None) -> Path:
    """Return where work directories go: short enough for a socket, within reach of the account."""
    candidates = [parent] if parent is not None else [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108
    for candidate in candidates:
        base = candidate.resolve()
        if _fits(base) and os.access(base, os.W_OK | os.X_OK) and (not account.demoted or _reachable(base)):
            return base
    named = " and ".join(str(path) for path in dict.fromkeys(candidates))
    raise ShadowError(
        f"no place for the shadow in {named}: it must be a writable directory, open to other users where we are root, "
        f"and short enough for a socket path of {LONGEST_SOCKET} bytes; set TMPDIR to one that is"
    )


def _fits(base: Path) -> bool:
    return len(os.fsencode(base / f"{PREFIX}12345678" / "run" / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET


def _reachable(base: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (base, *base.parents))


def reap(base: Path) -> list[Path]:
    """Stop the servers and delete the directories that dead owners left in `base`; return these directories."""
    reaped = []
    for path in sorted(base.glob(f"{PREFIX}*")):
        with contextlib.suppress(OSError):
            if _reap_one(path):
                reaped.append(path)
    return reaped


def _reap_one(path: Path) -> bool:
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return False
    lock = os.open(path / OWNER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused: somebody uses it or reaps it
        if not _abandoned(os.read(lock, 4096)):
            return False
        end_server(path / "data")
        _remove(path)
        return True
    finally:
        os.close(lock)


def _record() -> dict[str, Any]:
    pid = os.getpid()
    return {"confiture_shadow": 1, "pid": pid, "started": started(pid), "namespace": _namespace()}


def _abandoned(data: bytes) -> bool:
    try:
        record = json.loads(data)
        if record["confiture_shadow"] != 1 or record["namespace"] != _namespace():
            return False
        now = started(int(record["pid"]))
        return now is None or now != record["started"]
    except (ValueError, TypeError, KeyError):
        return False


def _namespace() -> str:
    """Pids mean nothing in a container other than the one they were noted in."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def started(pid: int) -> str | None:
    """Return when the process started, in whatever unit the system has; None if it is dead or a zombie."""
    if not Path("/proc/self/stat").exists():
        return _ask_ps(pid, "lstart=")
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def _ask_ps(pid: int, column: str) -> str | None:
    asked = ["ps", "-o", column, "-p", str(pid)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() or None


def server_pid(data: Path) -> int | None:
    """Return the pid of the server that runs in `data`, and of no other process that got its number since."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    try:
        return pid if Path(f"/proc/{pid}/cwd").readlink() == data else None
    except OSError:
        command = None if Path("/proc/self").exists() else _ask_ps(pid, "command=")
        return pid if command and str(data) in command else None


def end_server(data: Path) -> None:
    """Stop the server that runs in `data`, if one does; nothing of its data needs saving."""
    pid = server_pid(data)
    if pid is None:
        return
    for sign in (signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        if _gone(pid):
            return


def _gone(pid: int) -> bool:
    end = time.monotonic() + PATIENCE
    while started(pid) is not None:
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _remove(path: Path) -> None:
    """Delete, the owner's record last: what could not be deleted stays reapable."""
    for entry in path.iterdir():
        if entry.name == OWNER:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    shutil.rmtree(path)
