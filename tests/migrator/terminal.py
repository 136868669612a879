"""A pseudo-terminal with the real program in it, and what a person would see there."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>78]")


class Terminal:
    """A terminal of so many columns in which one command runs."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], columns: int = 80
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        kept = {key: value for key, value in environment.items() if key not in ("COLUMNS", "LINES")}

        def own_terminal() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=kept,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=own_terminal,  # noqa: PLW1509 - it only calls the kernel
        )
        os.close(theirs)
        self.raw = ""
        self._read = 0

    @property
    def shown(self) -> str:
        """Everything that was written, without what only moves the cursor or colours."""
        return _ESCAPES.sub("", self.raw).replace("\r\n", "\n")

    def expect(self, text: str, timeout: float = 60) -> str:
        """Wait for a text that comes after what was waited for before; what was shown on the way."""
        end = time.monotonic() + timeout
        while text not in self.shown[self._read :]:
            left = end - time.monotonic()
            assert left > 0, f"not shown: {text!r} in\n{self.shown[self._read :]}"
            if not self._more(left):
                assert text in self.shown[self._read :], f"ended without {text!r}:\n{self.shown}"
                break
        begun = self._read
        self._read = self.shown.index(text, begun) + len(text)
        return self.shown[begun : self._read]

    def _more(self, timeout: float) -> bool:
        if not select.select([self._ours], [], [], timeout)[0]:
            return True
        try:
            part = os.read(self._ours, 65536)
        except OSError:  # Linux: the other side is closed
            return False
        self.raw += part.decode(errors="replace")
        return bool(part)

    def write(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def answer(self, question: str, text: str) -> str:
        """Wait for a question and answer it."""
        shown = self.expect(question)
        self.write(text + "\n")
        return shown

    def control_c(self) -> None:
        self.write("\x03")

    def ended(self, timeout: float = 60) -> int:
        """Wait for the end; the exit code."""
        end = time.monotonic() + timeout
        while self._more(max(end - time.monotonic(), 0)):
            assert time.monotonic() < end, self.shown
        return self.process.wait(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
        os.close(self._ours)
