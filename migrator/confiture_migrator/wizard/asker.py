"""Questions, and who answers them: flags, then a person on a terminal, or nobody. Every question has a flag."""

import sys
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple, Protocol, TextIO

from confiture_migrator.errors import MigrateError, PlanRefused


class Kind(StrEnum):
    """What a question is about."""

    APPLY = "apply"
    """Whether a migration is to be applied."""
    PEAK = "peak"
    """Whether something risky is to happen in peak hours, after all."""
    ACCEPT = "accept"
    """Why a finding that refuses the plan is acceptable, or `skip`; nothing: it is not."""


FLAGS = {
    Kind.APPLY: "--yes (apply each) and --skip VERSION (leave one out)",
    Kind.PEAK: "--during-peak",
    Kind.ACCEPT: "--waive RULE@FILE:LINE with --reason TEXT, or --skip VERSION",
}
"""The flag that answers a question."""


class Answer(StrEnum):
    """What may be done about a migration."""

    YES = "yes"
    NO = "no"
    PREVIEW = "preview"
    DETAILS = "details"
    DRY_RUN = "dry-run"
    SKIP = "skip"
    QUIT = "quit"


EXPLAINED = {
    Answer.YES: "apply it now",
    Answer.NO: "do not, and stop: what comes behind it was vetted on top of it",
    Answer.PREVIEW: "show the SQL that would be sent",
    Answer.DETAILS: "show every statement with its locks, rewrites and scans, and all findings",
    Answer.DRY_RUN: "execute it on a throw-away PostgreSQL and show what happened",
    Answer.SKIP: "leave it out this time; the others are vetted anew without it",
    Answer.QUIT: "stop; what was applied stays applied",
}
"""What each answer does."""


class Question(NamedTuple):
    """Something that only a person, or a flag, may decide."""

    kind: Kind
    text: str
    subject: str = ""
    """The version that it is about."""


class Asker(Protocol):
    """Gets answers."""

    def ask(self, question: Question) -> str:
        """The answer. `EOFError`: there will be no more; `KeyboardInterrupt`: whoever is asked wants out."""
        ...


class Person:
    """Asks on a terminal."""

    def __init__(self, out: TextIO, source: TextIO | None = None) -> None:
        self._out = out
        self._source = sys.stdin if source is None else source

    def ask(self, question: Question) -> str:
        """Ask; what was typed before the question was there is no answer to it."""
        self._forget_typed()
        self._out.write(question.text + " ")
        self._out.flush()
        line = self._source.readline()
        if not line:
            raise EOFError
        return line.strip()

    def _forget_typed(self) -> None:
        try:
            import termios

            termios.tcflush(self._source.fileno(), termios.TCIFLUSH)
        except (ImportError, OSError, ValueError):  # no terminal, or no such thing on this system
            return


class Nobody:
    """Is there where there is no terminal: a question that no flag answers is a refusal."""

    def ask(self, question: Question) -> str:
        """Refuse, and name the flag."""
        raise PlanRefused(
            f"{question.text}\nThere is no terminal to ask this on; the flag that answers it is {FLAGS[question.kind]}"
        )


class Flags:
    """Answers what the command line has answered, and passes on the rest."""

    def __init__(self, then: Asker, *, yes: bool, skip: Collection[str], during_peak: bool) -> None:
        self._then = then
        self._yes = yes
        self._skip = frozenset(skip)
        self._during_peak = during_peak

    def ask(self, question: Question) -> str:
        """Answer by a flag, or let the next answer."""
        if question.kind is not Kind.PEAK and question.subject in self._skip:
            return Answer.SKIP.value
        if question.kind is Kind.APPLY and self._yes:
            return Answer.YES.value
        if question.kind is Kind.PEAK and self._during_peak:
            return Answer.YES.value
        return self._then.ask(question)


def refuse_without_terminal() -> MigrateError:
    """What is said where nobody can be asked and `--yes` was not given."""
    flags = "\n".join(f"  {flag}" for flag in FLAGS.values())
    return MigrateError(
        f"this asks questions, and standard input and output are no terminal. The flags that answer them:\n{flags}\n"
        "Or use `confiture-migrate plan`, `dry-run` and `apply`, which ask nothing"
    )


def understood(text: str) -> Answer | None:
    """An answer by its name, its first letters where they say which, or `y` and `n`; None: not understood."""
    word = text.strip().lower().replace("_", "-")
    if word == "dryrun":
        return Answer.DRY_RUN
    found = [answer for answer in Answer if word and answer.value.startswith(word)]
    return found[0] if len(found) == 1 else None
