"""Change scripts in languages that are not read: they are said, never passed over.

Only their names are looked at: those that tools give (a number or a date in front, Flyway's `V1__`), and Liquibase's
changelogs in XML.
"""

import re
from collections.abc import Iterable

_LANGUAGES = {
    ".js": "JavaScript",
    ".cjs": "JavaScript",
    ".mjs": "JavaScript",
    ".ts": "TypeScript",
    ".rb": "Ruby",
    ".exs": "Elixir",
    ".php": "PHP",
    ".go": "Go",
    ".java": "Java",
    ".kt": "Kotlin",
    ".cs": "C#",
    ".xml": "XML",
}
ENDINGS = tuple(_LANGUAGES)
"""Endings of files that may be such scripts."""

_NAMED = re.compile(r"\d{3,}[-_.A-Za-z]|\d{1,2}[-_]|V\d[\d._]*__|m\d{6}_")
_NO_SCRIPT = re.compile(r"[._-](?:test|spec|d|Designer)\.\w+\Z")


def is_change(folder: str, name: str) -> bool:
    """Whether a file with one of the `ENDINGS` is named as a change script is; `folder` is where it lies."""
    if name.endswith(".xml"):
        return "changelog" in name.lower() or "changelog" in folder.lower() or "liquibase" in folder.lower()
    return _NAMED.match(name) is not None and _NO_SCRIPT.search(name) is None


def unread(paths: Iterable[str]) -> list[tuple[str, str]]:
    """What is to be said of such files: once for each folder and language, at the first of them."""
    groups: dict[tuple[str, str], list[str]] = {}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        language = _LANGUAGES[name[name.rindex(".") :].lower()]
        groups.setdefault((folder, language), []).append(path)
    return [(found[0], _said(len(found), language)) for (_, language), found in groups.items()]


def _said(count: int, language: str) -> str:
    what = "Liquibase changelogs in XML" if language == "XML" else f"migrations in {language}"
    one = "a Liquibase changelog in XML" if language == "XML" else f"a migration in {language}"
    if count == 1:
        return f"{one} is not read: what it changes is not known here"
    return f"{count} {what} in this folder are not read: what they change is not known here"
