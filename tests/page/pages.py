"""What is true of every page of ours."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "input", "br", "link", "img"}


class _Elements(HTMLParser):
    """Every element with its attributes, and the text of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1:] == [tag], (tag, self._open[-3:])
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.scripts.append(data)


def parsed(page: str) -> _Elements:
    made = _Elements()
    made.feed(page)
    made.close()
    return made


def data_of(page: str) -> Any:
    """The data of a page, as its script reads it."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def stands_alone(page: str) -> None:
    """Nothing is asked for, nothing runs but our own script, every element is closed."""
    found = parsed(page)
    tags = [tag for tag, _ in found.elements]
    assert tags.count("script") == 2
    assert not {"img", "iframe", "link", "object", "embed", "audio", "video", "base"} & set(tags)
    for tag, attributes in found.elements:
        assert "src" not in attributes
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert (attributes.get("href") or "#").startswith("#"), attributes
    code = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert code
    digest = base64.b64encode(hashlib.sha256(code[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'\"" in page
    assert "default-src 'none'" in page
    assert not re.search(
        r"https?://(?!www\.w3\.org/2000/svg)|@import|fetch\(|XMLHttpRequest|url\((?!#)", code[1]
    )
