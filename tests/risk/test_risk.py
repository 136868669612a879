"""The risk of a migration: each axis by what causes it, duration by sizes, the same answer every time."""

import json
from pathlib import Path

import pytest

from confiture_linter.engine.assessment import assess
from confiture_linter.engine.memory import open_changes
from confiture_linter.model import SourceError
from confiture_linter.risk import Level, RelationSize, Risk, Snapshot, read_snapshot

SCHEMA = """
CREATE TABLE big (id int PRIMARY KEY, name text, total int NOT NULL DEFAULT 0);
CREATE TABLE small (id int PRIMARY KEY, name text);
"""
SIZES = Snapshot(
    "18.1",
    (),
    {
        "public.big": RelationSize(50_000_000, 8_000_000_000, 2_000_000_000),
        "public.small": RelationSize(100, 16_384, 16_384),
    },
)


def risk(script: str, snapshot: Snapshot = SIZES) -> Risk:
    (found,) = assess(open_changes(SCHEMA, {"1.sql": script}, "", ()), snapshot)
    return found.risk


@pytest.mark.parametrize(
    ("script", "axis", "level", "reason"),
    [
        ("DROP TABLE small;", "data_loss", "high", "table small is dropped"),
        ("ALTER TABLE big DROP COLUMN name;", "data_loss", "high", "column big.name is dropped"),
        ("TRUNCATE small;", "data_loss", "high", "all rows of public.small"),
        ("DELETE FROM small WHERE id = 1;", "data_loss", "medium", "rows of small"),
        ("CREATE TABLE t (id int); DROP TABLE t;", "data_loss", "none", ""),
        ("ALTER TABLE big ALTER id TYPE bigint;", "locking", "high", "keeps everyone out for about"),
        ("ALTER TABLE small ALTER id TYPE bigint;", "locking", "low", "less than a second"),
        ("ALTER TABLE big ADD note text;", "locking", "low", "for a moment"),
        ("CREATE INDEX ON big (name);", "locking", "high", "keeps writers out"),
        ("CREATE INDEX CONCURRENTLY i ON big (name);", "locking", "none", ""),
        ("CREATE INDEX CONCURRENTLY i ON big (name);", "performance", "medium", "50,000,000 rows"),
        ("ALTER TABLE big RENAME COLUMN name TO title;", "compatibility", "high", "is called title"),
        ("ALTER TABLE big ADD must int NOT NULL;", "compatibility", "high", "rows without big.must"),
        ("ALTER TABLE big ADD note text;", "compatibility", "none", ""),
    ],
)
def test_an_axis(script: str, axis: str, level: str, reason: str) -> None:
    found = risk(script)
    assert (found.level(axis), reason in dict(found.reasons).get(axis, "")) == (Level(level), True)


def test_an_unknown_size_is_said() -> None:
    found = risk("ALTER TABLE big ALTER id TYPE bigint;", Snapshot("", (), {}))
    assert found.duration is None
    assert found.unknown_sizes == ("public.big",)
    assert found.locking is Level.HIGH
    assert "not known" in dict(found.reasons)["locking"]
    assert any(item.must and "snapshot" in item.text for item in found.recommendations)


def test_duration_grows_with_size() -> None:
    big, small = (
        risk("ALTER TABLE big ALTER id TYPE bigint;"),
        risk("ALTER TABLE small ALTER id TYPE bigint;"),
    )
    assert big.duration is not None
    assert small.duration is not None
    assert big.duration.low < big.duration.seconds < big.duration.high
    assert big.duration.seconds > 100 * small.duration.seconds


def test_the_way_back() -> None:
    assert risk("DROP TABLE small;").rollback.startswith("Restore from a backup")
    assert risk("ALTER TABLE big ADD note text;").rollback.startswith("Drop what it adds")
    assert "one transaction" in risk("CREATE INDEX CONCURRENTLY i ON big (name);").rollback


def test_the_same_answer_every_time() -> None:
    script = "ALTER TABLE big ALTER id TYPE bigint, DROP COLUMN name; DROP TABLE small;"
    assert risk(script) == risk(script)


def test_a_snapshot_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    relations = {"public.t": {"rows": 5, "bytes": 8192, "index_bytes": 0}}
    path.write_text(
        json.dumps({"version": 1, "server_version": "16.4", "applied": ["1"], "relations": relations})
    )
    found = read_snapshot(str(path))
    assert (found.server_version, found.applied) == ("16.4", ("1",))
    assert found.relations["public.t"] == RelationSize(5, 8192, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "s.json:1:2: the snapshot is not JSON"),
        ("[]", "not a snapshot of version 1"),
        ('{"version": 1, "relations": []}', "is no object"),
        ('{"version": 1, "relations": {"a.b": {"rows": "x"}}}', "entry for a.b"),
    ],
)
def test_a_wrong_snapshot(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=message):
        read_snapshot(str(path))
