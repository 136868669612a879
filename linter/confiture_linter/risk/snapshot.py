"""The snapshot that `confiture-migrate snapshot` writes: what is in the database, and how large it is."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from confiture_linter.model import SourceError


class RelationSize(NamedTuple):
    """Size of a table or materialized view."""

    rows: int
    bytes: int
    """Of the table with its TOAST table."""
    index_bytes: int


class Snapshot(NamedTuple):
    """Sizes of one database at one time."""

    server_version: str
    applied: tuple[str, ...]
    """Versions of the migrations that its ledger knows as applied."""
    relations: Mapping[str, RelationSize]
    """By `schema.name`."""


NO_SNAPSHOT = Snapshot("", (), MappingProxyType({}))


def read_snapshot(path: str) -> Snapshot:
    """Read a snapshot file; raises `SourceError` with the place of what is wrong."""
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read())
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise SourceError(f"{path}:{line}:{column}: the snapshot is not JSON") from None
    if not isinstance(document, dict) or document.get("version") != 1:
        raise SourceError(
            f"{path}:1:1: not a snapshot of version 1; write it with `confiture-migrate snapshot`"
        )
    return _snapshot(path, document)


def _snapshot(path: str, document: dict[str, Any]) -> Snapshot:
    sizes: dict[str, RelationSize] = {}
    relations = document.get("relations", {})
    if not isinstance(relations, dict):
        raise SourceError(f"{path}:1:1: `relations` of the snapshot is no object")
    for name, entry in relations.items():
        values = (
            [entry.get(key, 0) for key in ("rows", "bytes", "index_bytes")]
            if isinstance(entry, dict)
            else [""]
        )
        if not all(isinstance(value, int | float) and value >= 0 for value in values):
            raise SourceError(
                f"{path}:1:1: the snapshot's entry for {name} has no rows, bytes and index_bytes"
            )
        sizes[name] = RelationSize(*(int(value) for value in values))
    applied = document.get("applied", [])
    return Snapshot(
        str(document.get("server_version", "")),
        tuple(str(version) for version in applied) if isinstance(applied, list) else (),
        MappingProxyType(sizes),
    )
