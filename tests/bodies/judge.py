"""What the server and what we say of a text that stands on the schema of the cases."""

from typing import Any, NamedTuple

import psycopg

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules
from confiture_linter.model import Finding
from tests.bodies.mutants import Mutant
from tests.bodies.schema import SCHEMA

_RULES = {rule.name: rule for rule in load_rules(entry_points=False)}
NAMES = ("missing-column", "missing-object", "plpgsql-syntax-error", "sql-body-syntax-error")
FAULTS = ("42703", "42883", "42P01", "42704", "42P10")
"""undefined_column, undefined_function, undefined_table, undefined_object, invalid_column_reference"""


class Verdict(NamedTuple):
    """A mutant, the server's SQLSTATE (empty if it runs), and what we say."""

    mutant: Mutant
    server: str
    ours: list[str]

    @property
    def fault(self) -> bool:
        """Whether the server misses a name."""
        return self.server in FAULTS

    @property
    def missed(self) -> bool:
        """Whether we say nothing of a fault."""
        return self.fault and not self.ours

    @property
    def false_alarm(self) -> bool:
        """Whether we speak of what runs."""
        return not self.server and bool(self.ours)


def judge(mutant: Mutant, connection: psycopg.Connection[Any]) -> Verdict:
    """Run a mutant, and read it."""
    return Verdict(mutant, state_of(mutant.text, connection), [f.message for f in findings_of(mutant.text)])


def state_of(text: str, connection: psycopg.Connection[Any]) -> str:
    """The SQLSTATE that running the text ends in; empty if it runs."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(text)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    return ""


def findings_of(text: str) -> list[Finding]:
    """What we say of a text behind the schema."""
    return [finding for name in NAMES for finding in check_texts(_RULES[name], SCHEMA + text, "")]
