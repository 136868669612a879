"""The order of Alembic's and Django's migrations: each says which ones come before it.

Alembic: `down_revision` and `depends_on` name revisions (alembic.sqlalchemy.org, "Working with Branches"). Django:
`dependencies` name an app and a migration (docs.djangoproject.com, "Migration files"). Where several may come next,
the first by path does: branches are merged the same way on every machine.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush

_REVISION = re.compile(rb"(?m)^revision\s*(?::[^=\n]+)?=\s*(?P<value>['\"][^'\"\n]*['\"])")
_BEFORE = re.compile(
    rb"(?m)^(?:down_revision|depends_on)\s*(?::[^=\n]+)?=\s*(?P<value>\((?:[^()]*)\)|\[[^\]]*\]|[^\n#]*)"
)
_QUOTED = re.compile(rb"['\"]([^'\"\n]+)['\"]")
_DJANGO = re.compile(rb"(?m)^class\s+Migration\s*\(")
_LISTED = r"(?m)^[ \t]+{}\s*(?::[^=\n]+)?=\s*\[(?P<value>.*?)^[ \t]*\]|^[ \t]+{}\s*(?::[^=\n]+)?=\s*\[(?P<short>[^\n]*)\]"
_DEPENDENCIES = re.compile(_LISTED.replace("{}", "dependencies").encode(), re.DOTALL)
_REPLACES = re.compile(_LISTED.replace("{}", "replaces").encode(), re.DOTALL)
_PAIR = re.compile(rb"\(\s*['\"](\w+)['\"]\s*,\s*['\"]([\w.]+)['\"]\s*,?\s*\)")


def order_python(
    files: Sequence[str], data: Callable[[str], bytes], key: Callable[[str], tuple[object, ...]]
) -> list[str] | None:
    """Put the files in the order in which their tool runs them; None if no Python file says anything about it.

    Files of other kinds keep their place by `key` among those that nothing orders.
    """
    names: dict[str, str] = {}
    before: dict[str, list[str]] = {}
    for path in files:
        if path.endswith(".py"):
            own, earlier = _said(path, data(path))
            if own:
                names[own] = path
                before[path] = earlier
    if not names:
        return None
    resolved = {
        path: [found for name in earlier for found in _matching(names, name) if found != path]
        for path, earlier in before.items()
    }
    return _topological(files, resolved, key)


def _said(path: str, text: bytes) -> tuple[str, list[str]]:
    """The name of a migration, and those that come before it."""
    if found := _REVISION.search(text):
        own = found["value"][1:-1].decode("utf-8", "replace")
        earlier = [name for part in _BEFORE.finditer(text) for name in _QUOTED.findall(part["value"])]
        return own, [name.decode("utf-8", "replace") for name in earlier]
    if _DJANGO.search(text):
        folder, name = posixpath.split(path)
        app = posixpath.basename(posixpath.dirname(folder))
        return f"{app}.{name[:-3]}", [f"{one}.{two}" for one, two in _pairs(_DEPENDENCIES, text)]
    return "", []


def _pairs(pattern: re.Pattern[bytes], text: bytes) -> Iterable[tuple[str, str]]:
    found = pattern.search(text)
    listed = (found["value"] or found["short"] or b"") if found else b""
    return [(app.decode(), name.decode()) for app, name in _PAIR.findall(listed)]


def _matching(names: dict[str, str], name: str) -> list[str]:
    """The file of a revision; Alembic accepts the beginning of one."""
    if name in names:
        return [names[name]]
    close = [path for known, path in names.items() if known.startswith(name)] if len(name) >= _SHORT else []
    return close if len(close) == 1 else []


_SHORT = 4
"""Alembic wants at least so many letters of a revision that is cut short."""


def superseded(files: Iterable[str], data: Callable[[str], bytes]) -> frozenset[str]:
    """Squashed migrations of Django beside all those they replace: only one of the two runs."""
    known = set(files)
    found = set()
    for path in known:
        text = data(path) if path.endswith(".py") else b""
        if b"replaces" in text:
            folder = posixpath.dirname(path)
            replaced = [posixpath.join(folder, f"{name}.py") for _, name in _pairs(_REPLACES, text)]
            if replaced and known.issuperset(replaced):
                found.add(path)
    return frozenset(found)


def _topological(
    files: Sequence[str], before: dict[str, list[str]], key: Callable[[str], tuple[object, ...]]
) -> list[str]:
    """Every file after those before it; a circle is cut where the first file by `key` is."""
    waiting = {path: len(set(before.get(path, ()))) for path in files}
    after: dict[str, list[str]] = {}
    for path, earlier in before.items():
        for one in set(earlier):
            after.setdefault(one, []).append(path)
    ready = [(key(path), path) for path, count in waiting.items() if not count]
    heapify(ready)
    ordered: list[str] = []
    while waiting:
        if not ready:
            ready.append(min((key(path), path) for path in waiting))
        _, path = heappop(ready)
        if waiting.pop(path, None) is None:
            continue
        ordered.append(path)
        for following in after.get(path, ()):
            if following in waiting:
                waiting[following] -= 1
                if not waiting[following]:
                    heappush(ready, (key(following), following))
    return ordered
