"""initdb, and the server as a child process of ours."""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from confiture_migrator.shadow import extensions
from confiture_migrator.shadow.account import Account
from confiture_migrator.shadow.binaries import Binaries, copy_binaries, major, version
from confiture_migrator.shadow.errors import ShadowError
from confiture_migrator.shadow.work import PATIENCE, PORT, Work

START_TIMEOUT = 60.0
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "32MB",
    "checkpoint_timeout": "1h",
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
}
"""Nothing is durable and nobody but us can connect."""


def reachable(binaries: Binaries, account: Account, work: Work) -> tuple[Binaries, int]:
    """Return programs that the account can run, copied if need be, and their major version."""
    said = version(binaries, account)
    if said is None and account.demoted and version(binaries) is not None:
        binaries = copy_binaries(binaries, work.path / "pg")
        said = version(binaries, account)
    if said is None:
        raise ShadowError(
            f"the PostgreSQL programs in {binaries.bindir} ({binaries.origin}) do not run here as uid {account.uid}: "
            "try `postgres --version` there; another installation can be named with $SHADOWPG_BINDIR, a server of "
            "your own with --shadow-url"
        )
    return binaries, major(said)


def initialise(
    binaries: Binaries, account: Account, work: Work, server: int, settings: Mapping[str, str]
) -> None:
    """Make the cluster and write its settings."""
    command: list[str | Path] = [binaries.bindir / "initdb", "-D", work.data, "-U", "postgres"]
    command += ["-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    if server >= 14:
        command.append("--no-instructions")
    if server >= 17:  # order as in C, and yet upper() and \w know letters beyond ASCII
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(  # noqa: S603 - programs that were found or named
        command,
        cwd="/",
        env=binaries.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        start_new_session=True,
        **account.process(),
    )
    if done.returncode:
        raise ShadowError(f"initdb of {binaries.bindir} failed:\n{_tail(done.stdout)}")
    every = {**SETTINGS, "unix_socket_directories": str(work.run), **_newer(work, server), **settings}
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in every.items()]
    with (work.data / "postgresql.conf").open("a") as file:
        file.writelines(lines)


def _newer(work: Work, server: int) -> dict[str, str]:
    if server < 18:
        return {}
    folder = work.path / "stubs"
    extensions.write_stubs(folder)
    return {"io_method": "sync", "extension_control_path": f"$system:{folder}"}


def start(binaries: Binaries, account: Account, work: Work) -> "subprocess.Popen[bytes]":
    """Start the server and wait until it takes connections."""
    with work.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - programs that were found or named
            [binaries.bindir / "postgres", "-D", work.data],
            cwd="/",
            env=binaries.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **account.process(),
        )
    try:
        _await_ready(process, work)
    except BaseException:
        stop(process)
        raise
    return process


def _await_ready(process: "subprocess.Popen[bytes]", work: Work) -> None:
    end = time.monotonic() + START_TIMEOUT
    while not _is_ready(work.data / "postmaster.pid"):
        if process.poll() is not None or time.monotonic() > end:
            raise ShadowError(
                f"the shadow server did not start:\n{_tail(work.log.read_text(errors='replace'))}"
            )
        time.sleep(0.01)


def _is_ready(file: Path) -> bool:
    try:
        lines = file.read_text(errors="replace").split("\n")
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Quit at once; nothing needs saving."""
    if process.poll() is not None:
        return
    process.send_signal(3)  # SIGQUIT: immediate shutdown
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(text: str) -> str:
    return "\n".join(text.rstrip().splitlines()[-12:])
