"""A rule: metadata, reason, examples and check in one value."""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from confiture_linter.model.finding import Finding
from confiture_linter.model.severity import Severity

S = TypeVar("S")
C = TypeVar("C")

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


class Preset(StrEnum):
    """The smallest preset in which a rule is on; `strict` contains `default`, `all` contains both."""

    DEFAULT = "default"
    STRICT = "strict"
    ALL = "all"


Example = str | Mapping[str, str]
"""SQL of one file, or a tree: path to text."""


class Rule(NamedTuple, Generic[S, C]):
    """One rule. Its tests and its documentation page are generated from this value.

    `S` is the subject the check is called for (a table, a view, a statement, the whole catalog);
    `C` is the context it may ask.
    """

    name: str
    family: str
    subject: type[S]
    check: Callable[[S, C], Iterable[Finding]]
    severity: Severity
    since: str
    summary: str
    """First line of the docstring: what is wrong, at most 80 characters."""
    description: str
    """The rest of the docstring: why, when not, instead. Markdown."""
    bad: Example
    good: Example
    at: str
    """The text of `bad` at which the finding starts."""
    config: str = ""
    """confiture.yaml under which the examples are linted; empty: none."""
    preset: Preset = Preset.DEFAULT
    aliases: tuple[str, ...] = ()
    options: Mapping[str, Any] = MappingProxyType({})
    """Option name to default value; the type of the default is the type of the option."""
    suppressible: bool = True
    security: bool = False
    """A true security rule: code hosts then raise a security alert."""
    facts: tuple[type, ...] = ()
    """For rules about statements and changes: the kinds of statement they look at; empty: all."""
    given: str = ""
    """For rules about changes: SQL of the schema that `bad` and `good` change."""


class RuleDefinitionError(Exception):
    """A rule is declared wrongly; raised while it is loaded, never while linting."""


def rule(
    *,
    name: str,
    subject: type[S],
    severity: Severity,
    bad: Example,
    good: Example,
    at: str,
    since: str = "0.1",
    config: str = "",
    preset: Preset = Preset.DEFAULT,
    aliases: tuple[str, ...] = (),
    options: Mapping[str, Any] | None = None,
    suppressible: bool = True,
    security: bool = False,
    facts: tuple[type, ...] = (),
    given: str = "",
) -> Callable[[Callable[[S, C], Iterable[Finding]]], Rule[S, C]]:
    """Declare the decorated function as the check of a rule.

    The family is the folder the function's module lives in. The docstring's first line says what is wrong;
    the rest says why, when not, and what to do instead.

    Raises `RuleDefinitionError` when the name is not kebab-case or the docstring is missing.
    """

    def declare(check: Callable[[S, C], Iterable[Finding]]) -> Rule[S, C]:
        if not _NAME.match(name):
            raise RuleDefinitionError(f"rule name {name!r} is not kebab-case")
        summary, _, description = (check.__doc__ or "").strip().partition("\n")
        if not summary or len(summary) > 80:
            raise RuleDefinitionError(f"rule {name}: the docstring's first line must be 1 to 80 characters")
        parts = check.__module__.split(".")
        return Rule(
            name=name,
            family=parts[-2] if len(parts) > 1 else "custom",
            subject=subject,
            check=check,
            severity=severity,
            since=since,
            summary=summary,
            description=_dedent(description),
            bad=bad,
            good=good,
            at=at,
            config=config,
            preset=preset,
            aliases=aliases,
            options=MappingProxyType(dict(options or {})),
            suppressible=suppressible,
            security=security,
            facts=facts,
            given=given,
        )

    return declare


def _dedent(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.strip("\n").splitlines()).strip()
