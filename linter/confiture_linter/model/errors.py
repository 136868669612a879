"""Errors a user can cause, each with a place and a hint.

ConfitureError
├── ConfigError     confiture.yaml, rule selection, options   (exit 2)
├── SourceError     unreadable input, path outside the tree   (exit 2)
└── PluginError     a rule module that cannot be loaded       (exit 2)
"""

from typing import NamedTuple


class Problem(NamedTuple):
    """One thing wrong in a configuration: 1-based line and column, 0 where there is no place."""

    path: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """`file:line:column: message (hint)`, as compilers print it."""
        place = (
            f"{self.path}:{self.line}:{self.column}: " if self.line else f"{self.path}: " if self.path else ""
        )
        return f"{place}{self.message}" + (f" ({self.hint})" if self.hint else "")


class ConfitureError(Exception):
    """Anything the user can put right; the command line prints it and exits with 2."""


class ConfigError(ConfitureError):
    """The configuration is wrong; carries every problem found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class SourceError(ConfitureError):
    """An input cannot be read."""


class PluginError(ConfitureError):
    """A module with rules cannot be loaded; a gate must not pass because a rule failed to load."""
