"""Headless Chromium, spoken to through a pair of pipes (DevTools protocol): needs the browser and nothing else.

`CHROMIUM` names the program; without it the usual names are looked for.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

PATIENCE = 60.0
"""Seconds: the machine may be busy."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def program() -> str | None:
    """Where Chromium is, if it is anywhere."""
    return next(
        (found for name in (os.environ.get("CHROMIUM", ""), *NAMES) if (found := shutil.which(name))), None
    )


_LAUNCH = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Becomes the browser, which reads from descriptor 3 and writes to 4."""


class Browser:
    """One browser process."""

    def __init__(self, command: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        theirs, self._out = os.pipe()
        self._in, answers = os.pipe()
        arguments = [
            command,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={self._profile.name}",
            "--remote-debugging-pipe",
        ]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, str(theirs), str(answers), *arguments],
            pass_fds=(theirs, answers),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(answers)
        self._number = 0
        self._left = b""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _t: type[BaseException] | None, _e: BaseException | None, _b: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        os.close(self._out)
        os.close(self._in)
        self._profile.cleanup()

    def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send one command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            for answer in self._read(end):
                if answer.get("id") == self._number:
                    assert "error" not in answer, f"{method}: {answer['error']}"
                    return dict(answer["result"])
                self.events.append(answer)

    def _read(self, end: float) -> Iterator[dict[str, Any]]:
        ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
        assert ready, "Chromium does not answer"
        data = os.read(self._in, 1 << 20)
        assert data, "Chromium has ended"
        *whole, self._left = (self._left + data).split(b"\0")
        for line in whole:
            yield json.loads(line)

    def page(self, path: Path, *, width: int = 1280, height: int = 800, scheme: str = "light") -> "Page":
        """Open a file."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        made = Page(self, session, target)
        for domain in ("Page", "Runtime", "Network", "Log"):
            made.send(f"{domain}.enable")
        made.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        made.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        made.send("Page.navigate", url=path.resolve().as_uri())
        end = time.monotonic() + PATIENCE
        while made.js("document.readyState") != "complete":
            assert time.monotonic() < end, "the page does not load"
        return made


class Page:
    """One page in it."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser = browser
        self._session = session
        self._target = target

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.send(method, self._session, **parameters)

    def js(self, expression: str) -> Any:
        """The value of an expression."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def click(self, selector: str) -> None:
        """Click where the middle of an element is, as a mouse would."""
        query = json.dumps(selector)
        box = self.js(
            f"(() => {{ const e = document.querySelector({query}); e.scrollIntoView({{block: 'center'}});"
            " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other: `Enter`, `Tab`, `ArrowDown`, or a character."""
        codes = {
            "Enter": 13,
            "Tab": 9,
            "ArrowDown": 40,
            "ArrowUp": 38,
            "ArrowRight": 39,
            "ArrowLeft": 37,
            " ": 32,
        }
        for key in keys:
            text = "\r" if key == "Enter" else key if len(key) == 1 else ""
            more = {"text": text} if text else {}
            self.send(
                "Input.dispatchKeyEvent",
                type="keyDown",
                key=key,
                windowsVirtualKeyCode=codes.get(key, 0),
                **more,
            )
            self.send(
                "Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=codes.get(key, 0)
            )

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.send("Input.insertText", text=text)

    def shot(self, path: Path) -> None:
        """A picture of what is in view."""
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))

    def wrongs(self) -> list[str]:
        """What the console, exceptions and the network complain of, and everything that was asked of the network."""
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            method, said = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                found.append(str(said["exceptionDetails"].get("exception", said)))
            elif method == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
                found.append(said["entry"]["text"])
            elif method == "Network.requestWillBeSent" and not said["request"]["url"].startswith(
                ("file:", "data:")
            ):
                found.append(f"asked for {said['request']['url']}")
        return found

    def close(self) -> None:
        self._browser.send("Target.closeTarget", targetId=self._target)


CONTRAST = """(() => {
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  const rgba = (color) => { context.clearRect(0, 0, 1, 1); context.fillStyle = color; context.fillRect(0, 0, 1, 1); return [...context.getImageData(0, 0, 1, 1).data]; };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] / 255 + under[i] * (1 - top[3] / 255));
  const light = (rgb) => { const [r, g, b] = rgb.map((c) => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (e) => { const stack = []; for (let at = e; at; at = at.parentElement) stack.push(rgba(getComputedStyle(at).backgroundColor)); return stack.reverse().reduce((under, top) => over(top, under), [255, 255, 255]); };
  const bad = new Map();
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const style = getComputedStyle(e), back = ground(e), fore = over(rgba(e.namespaceURI.endsWith('svg') ? style.fill : style.color), back);
    const [a, b] = [light(fore), light(back)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) bad.set(`${e.tagName} ${e.className.baseVal ?? e.className} "${e.textContent.trim().slice(0, 30)}"`, ratio.toFixed(2));
  }
  return [...bad].slice(0, 20);
})()"""
"""Texts that stand out from their ground by less than 4.5 (WCAG 2.2, 1.4.3), with the ratio."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser for the whole run; skips where there is none."""
    command = program()
    if command is None:
        pytest.skip("no Chromium: apt-get install chromium, or CHROMIUM=/path/to/it")
    with Browser(command) as made:
        yield made
