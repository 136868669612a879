"""Migrations that hold both directions in one file: what takes the change back is set aside at equal length."""

import pytest

from confiture_linter.sources import source_from

_UP = "ALTER TABLE t ADD COLUMN ä int;"
_DOWN = "DROP TABLE t;"


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("-- migrate:up", "-- migrate:down"),
        ("-- migrate:up transaction:false", "-- migrate:down transaction:false"),
        ("-- +goose Up\n-- +goose StatementBegin", "-- +goose Down"),
        ("-- +migrate Up", "-- +migrate Down"),
        ("-- +micrate Up", "-- +micrate Down"),
        ("-- rambler up", "-- rambler down"),
        ("-- up", "---- create above / drop below ----"),
        ("-- !Ups", "-- !Downs"),
        ("# --- !Ups", "# --- !Downs"),
        ("-- Up Migration", "-- Down Migration"),
        ("-- //@DO", "-- //@UNDO"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_way_back_is_blank(up: str, down: str, newline: str) -> None:
    written = f"-- é\n{up}\n{_UP}\n{down}\n{_DOWN}\n".replace("\n", newline)
    source = source_from(written.encode(), "m/1.sql")
    assert len(source.text) == len(source.data)
    assert source.text.count(b"\n") == source.data.count(b"\n")
    assert source.text.index(_UP.encode()) == source.data.index(_UP.encode())
    assert b"DROP" not in source.text
    assert len(source.down) == 1
    assert source.data.index(b"DROP") in range(*source.down[0])


def test_up_after_down_is_read_again() -> None:
    source = source_from(b"-- +goose Down\nDROP TABLE t;\n-- +goose Up\nCREATE TABLE t ();\n", "m/1.sql")
    assert b"DROP" not in source.text
    assert b"CREATE TABLE t ();" in source.text


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO t VALUES ('\n-- migrate:down\n'); DROP TABLE a;",
        "DO $$ BEGIN\n-- migrate:down\nEND $$; DROP TABLE a;",
        "/*\n-- migrate:down\n*/ DROP TABLE a;",
        "SELECT 1; -- migrate:down comes later\nDROP TABLE a;",
        "-- how to migrate: down is up\nDROP TABLE a;",
        "--liquibase formatted sql\n--changeset a:1\nDROP TABLE a;\n--rollback CREATE TABLE a ();\n",
    ],
)
def test_what_is_no_marker(text: str) -> None:
    source = source_from(text.encode(), "m/1.sql")
    assert b"DROP TABLE a;" in source.text
    assert source.down == ()
