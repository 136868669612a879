"""`targets.yaml`: the databases of a fleet, in waves; every problem with file, line and column."""

from collections.abc import Iterator
from typing import Any

from confiture_linter.config.document import parse_document
from confiture_linter.config.reader import Invalid, Reader
from confiture_linter.config.schema import Integer, Key, ListOf, Record, Text
from confiture_linter.config.urls import has_password
from confiture_linter.model import ConfigError, Problem
from confiture_migrator.errors import MigrateError
from confiture_migrator.fleet.values import Fleet, Member, Wave

_MEMBER = Record(
    (
        Key("name", Text(as_written=True), "What the report calls it."),
        Key("database_url", Text(), "Where it is; secrets stand in ${VARIABLES}."),
    ),
    build=Member,
    hint="write {name: NAME, database_url: ${VARIABLE}}",
)
_WAVE = Record(
    (
        Key("name", Text(as_written=True), "What the report calls it."),
        Key("parallel", Integer(1, 256), "How many databases at a time."),
        Key("pause", Integer(0, 24 * 3600), "Seconds to wait before it."),
        Key("targets", ListOf(_MEMBER), "Its databases."),
    ),
    defaults={"parallel": 1, "pause": 0},
    hint="write {name: NAME, targets: [...]}",
)
_FILE = Record(
    (
        Key("max_failures", Integer(0, 100_000), "How many may fail before nothing new is begun."),
        Key("waves", ListOf(_WAVE), "Waves, the canary first."),
    ),
    defaults={"max_failures": 0},
    hint="write `waves:` and the waves below it",
)


def read_targets(path: str) -> Fleet:
    """Read a file of targets; raises `ConfigError` with every problem in it."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as the user spelled it, also in the message
            data = file.read()
    except OSError as error:
        raise MigrateError(f"{path}: {error.strerror or error}") from None
    document = parse_document(data, path)
    reader = Reader(path)
    reader.problems += document.problems
    if document.root is None:
        raise ConfigError((Problem(path, 1, 1, "is empty", "write `waves:` and the waves below it"),))
    try:
        values: dict[str, Any] = reader.record(document.root, _FILE, (), {})
    except Invalid:
        raise ConfigError(_sorted(reader)) from None
    reader.problems += _wrong(values, reader)
    if reader.problems:
        raise ConfigError(_sorted(reader))
    return Fleet(
        tuple(
            Wave(wave["name"], wave["targets"], wave["parallel"], wave["pause"]) for wave in values["waves"]
        ),
        values["max_failures"],
    )


def _wrong(values: dict[str, Any], reader: Reader) -> Iterator[Problem]:
    """Names that come twice, waves without databases, and passwords in the open."""
    seen: set[str] = set()
    for number, wave in enumerate(values["waves"]):
        if not wave["targets"]:
            yield _problem(reader, ("waves", str(number)), f"wave {wave['name']} has no targets", "name some")
        for place, member in enumerate(wave["targets"]):
            at = ("waves", str(number), "targets", str(place))
            if member.name in seen:
                yield _problem(
                    reader, at, f"{member.name} comes twice", "every database has a name of its own"
                )
            seen.add(member.name)
            if has_password(member.database_url):
                yield _problem(
                    reader,
                    at,
                    f"the URL of {member.name} holds a password",
                    "keep it in a variable: ${VARIABLE}",
                )
    if not values["waves"]:
        yield _problem(reader, (), "there are no waves", "write {name: NAME, targets: [...]}")


def _problem(reader: Reader, at: tuple[str, ...], message: str, hint: str) -> Problem:
    line, column = reader.positions.get(at, (1, 1))
    return Problem(reader.path, line, column, message, hint)


def _sorted(reader: Reader) -> tuple[Problem, ...]:
    return tuple(sorted(set(reader.problems), key=lambda problem: problem[1:4]))
