"""Whether a copy is what it should be: complete, intact, as the profile says, and without an original value in it.

The source is asked in the snapshot that was copied, so that what is written there meanwhile makes no difference.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.anonymize.events import VerifyProgress
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.live import Live
from confiture_migrator.anonymize.plan import CopyPlan
from confiture_migrator.anonymize.report import Check
from confiture_migrator.events import Sink

if TYPE_CHECKING:
    import psycopg


class Copy(NamedTuple):
    """What is verified."""

    plan: CopyPlan
    source: "psycopg.Connection[Any]"
    target: "psycopg.Connection[Any]"
    keyring: Keyring
    rows: Mapping[str, int]
    live: Live
    """The target."""


def verify(
    plan: CopyPlan,
    source: "psycopg.Connection[Any]",
    target: "psycopg.Connection[Any]",
    keyring: Keyring,
    rows: Mapping[str, int],
    live: Live,
    sink: Sink,
) -> tuple[Check, ...]:
    """Look at everything; every check says what it found, even if that is nothing."""
    from confiture_migrator.anonymize.verify.expected import expected_checks
    from confiture_migrator.anonymize.verify.leaks import leak_checks
    from confiture_migrator.anonymize.verify.structure import structure_checks
    from confiture_migrator.anonymize.verify.substrings import substring_checks

    copy = Copy(plan, source, target, keyring, rows, live)
    for each in plan.tables:
        each.compiled(keyring)  # asks for every key, so that all of them are installed
    keyring.install(source)
    target.execute("RESET search_path")  # operators of extensions' types live where the database says
    parts: tuple[tuple[str, Callable[[Copy], list[Check]]], ...] = (
        ("rows, foreign keys and checks", structure_checks),
        ("that every value is what the profile makes of it", expected_checks),
        ("that no original value is in the copy", leak_checks),
        ("that no original value is part of another text", substring_checks),
    )
    found: list[Check] = []
    for what, check in parts:
        sink.emit(VerifyProgress("", what))
        found += check(copy)
    return tuple(found)
