"""Reads a sqitch plan, and the plans of tools that write them alike."""

import os
import posixpath
import re
from typing import NamedTuple

from confiture_linter.model import Problem
from confiture_linter.sources.order_text import order_text

_CONF_SECTION = re.compile(r"\s*\[\s*(\w+)(?:\s+\"([^\"]*)\")?\s*\]")
_CONF_VALUE = re.compile(r"\s*(\w+)\s*=\s*(.*?)\s*\Z")


class _Change(NamedTuple):
    name: str
    line: int
    tags: tuple[str, ...]
    """Tags under which an older version may be kept, the latest first; none for the last version."""


def read_plan(root: str, path: str, known: frozenset[str]) -> tuple[list[str], list[Problem]]:
    """List the deploy scripts in order, older versions of reworked changes at their own place."""
    path = posixpath.normpath(path)
    text, problem = order_text(root, path)
    if problem:
        return [], [problem]
    folder, extension = _deploy_folder(root, path)
    files: list[str] = []
    problems: list[Problem] = []
    for change in _changes(text):
        names = [f"{change.name}@{tag}" for tag in change.tags] or [change.name]
        scripts = [posixpath.normpath(posixpath.join(folder, f"{name}.{extension}")) for name in names]
        if script := next(filter(known.__contains__, scripts), None):
            files.append(script)
        elif not any(os.path.exists(os.path.join(root, script)) for script in scripts):
            problems.append(Problem(path, change.line, 1, f"no such file: {scripts[0]}"))
    return files, problems


def _changes(text: str) -> list[_Change]:
    """List the changes; the version of a change that is reworked later carries the tags in between."""
    changes: list[tuple[str, int]] = []
    tags: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line[0] in "%#":
            continue
        name = line.split()[0]
        if name[0] == "@":
            tags.append((len(changes), name[1:]))
        elif name[0] != "-":
            name = name.removeprefix("+") or line.split()[1]
            changes.append((name, number))
    following: dict[str, int] = {}
    result: list[_Change] = []
    for index in range(len(changes) - 1, -1, -1):
        name, number = changes[index]
        until = following.get(name, 0)
        between = tuple(tag for place, tag in reversed(tags) if index < place <= until)
        result.append(_Change(name, number, between))
        following[name] = index
    return result[::-1]


def _deploy_folder(root: str, plan: str) -> tuple[str, str]:
    """Tell where sqitch.conf beside the plan puts deploy scripts, and their extension; `deploy` and `sql` else."""
    folder = posixpath.dirname(plan)
    text, problem = order_text(root, posixpath.join(folder, "sqitch.conf"))
    settings: dict[tuple[str, str], str] = {}
    section = ""
    for line in () if problem else text.splitlines():
        if found := _CONF_SECTION.match(line):
            section = found[1].lower()
        elif found := _CONF_VALUE.match(line.partition("#")[0]):
            settings.setdefault((section, found[1].lower()), found[2].strip('"'))
    top = settings.get(("core", "top_dir"), ".")
    deploy = (
        settings.get(("core", "deploy_dir"))
        or settings.get(("deploy", "dir"))
        or posixpath.join(top, "deploy")
    )
    return posixpath.join(folder, deploy), settings.get(("core", "extension"), "sql")
