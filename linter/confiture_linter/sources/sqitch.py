"""Reads a sqitch plan, and the plans of tools that write them alike."""

# pathlib costs milliseconds on a path that every command takes:
# ruff: noqa: PTH110, PTH118

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
    tag: str
    """The tag under which an older version is kept; empty for the last."""


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
        name = f"{change.name}@{change.tag}" if change.tag else change.name
        script = posixpath.normpath(posixpath.join(folder, f"{name}.{extension}"))
        if script in known:
            files.append(script)
        elif not os.path.exists(os.path.join(root, script)):
            problems.append(Problem(path, change.line, 1, f"no such file: {script}"))
    return files, problems


def _changes(text: str) -> list[_Change]:
    """List the changes; the version of a change that is reworked later carries the tag that closed it."""
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
    last = {name: index for index, (name, _) in enumerate(changes)}
    result = []
    for index, (name, number) in enumerate(changes):
        tag = ""
        if last[name] != index:
            tag = next((tag for place, tag in tags if place > index), "")
        result.append(_Change(name, number, tag))
    return result


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
