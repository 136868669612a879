"""What migration files say about themselves."""

from pathlib import Path

import pytest

from confiture_linter.sources import MigrationInfo, migration_info


@pytest.mark.parametrize(
    ("text", "tool", "transaction"),
    [
        (b"-- migrate:up transaction:false\nselect 1;", "dbmate", False),
        (b"-- migrate:up\nselect 1;", "dbmate", True),
        ("-- dépôt\r\n-- migrate:up transaction:false\r\nselect 1;".encode(), "dbmate", False),
        (b"-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;", "goose", False),
        (b"-- +goose Up\nselect 1;", "goose", True),
        (b"-- +migrate Up notransaction\nselect 1;", "sql-migrate", False),
        (b"-- +migrate Up\nselect 1;", "sql-migrate", True),
        (b"-- no-transaction\nselect 1;", "sqlx", False),
        (b"-- a remark\n-- no-transaction\nselect 1;", "", None),
        (b"-- atlas:txmode none\n\nselect 1;", "atlas", False),
        (b"-- atlas:txmode file\n\nselect 1;", "atlas", True),
        (b"---- tern: disable-tx ----\nselect 1;", "tern", False),
        (b"select 1;\n---- create above / drop below ----\nselect 2;", "tern", True),
        (b"--! no-transaction\nselect 1;", "graphile-migrate", False),
        (b"-- rambler up\nselect 1;", "rambler", None),
        (b"--liquibase formatted sql\n--changeset a:1 runInTransaction:false\nselect 1;", "liquibase", False),
        (b"--liquibase formatted sql\n--changeset a:1\nselect 1;", "liquibase", True),
        (
            b"--liquibase formatted sql\n--changeset a:1 runInTransaction:false\nselect 1;\n--changeset a:2\nselect 2;",
            "liquibase",
            None,
        ),
        (b"-- Deploy shop:orders to pg\nBEGIN;\nCOMMIT;", "sqitch", False),
        (b"select 1;\n--> statement-breakpoint\nselect 2;", "drizzle", True),
        (b"-- Up Migration\nselect 1;", "node-pg-migrate", True),
        (b"-- transactional: false\nselect 1;", "yoyo", False),
        (b"select 1;", "", None),
    ],
)
def test_directives_of_sql_files(text: bytes, tool: str, transaction: bool | None) -> None:
    info = migration_info("db/0007_orders.sql", text)
    assert (info.tool, info.transaction) == (tool, transaction)
    assert (info.version, info.name, info.direction) == ("0007", "orders", "up")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("m/20240102030405_add_x.up.sql", ("20240102030405", "add_x", "up")),
        ("m/20240102030405_add_x.down.sql", ("20240102030405", "add_x", "down")),
        ("m/V1_2__add_x.sql", ("1_2", "add_x", "up")),
        ("m/V1.2__add_x.sql", ("1.2", "add_x", "up")),
        ("m/R__views.sql", ("", "views", "up")),
        ("m/U3__add_x.sql", ("3", "add_x", "down")),
        ("m/2020-01-02-030405_users/up.sql", ("2020", "01-02-030405_users", "up")),
        ("0003_x.yaml", ("0003", "x", "up")),
    ],
)
def test_names(path: str, expected: tuple[str, str, str]) -> None:
    info = migration_info(path, b"")
    if "2020-01" in path:
        assert info.direction == "up"
        assert info.version.startswith("2020-01-02-030405")
        assert info.name == "users"
        return
    assert (info.version, info.name, info.direction) == expected


def test_settings_beside_the_script(tmp_path: Path) -> None:
    folder = tmp_path / "2020-01-02-030405_users"
    folder.mkdir()
    script = folder / "up.sql"
    assert migration_info(str(script), b"select 1;").transaction is True
    (folder / "metadata.toml").write_text("run_in_transaction = false\n")
    assert migration_info(str(script), b"select 1;")[2:4] == (False, "diesel")
    flyway = tmp_path / "V2__index.sql"
    mixed = b"create index concurrently i on t (a); create table u (a int);"
    assert migration_info(str(flyway), mixed).transaction is True
    assert migration_info(str(flyway), b"create index concurrently i on t (a);").transaction is False
    (tmp_path / "V2__index.sql.conf").write_text("executeInTransaction=false\n")
    assert migration_info(str(flyway), mixed)[2:4] == (False, "flyway")


def test_prisma_sends_one_simple_query() -> None:
    path = "prisma/migrations/20240102030405_init/migration.sql"
    assert migration_info(path, b"create index concurrently i on t (a);").transaction is False
    assert migration_info(path, b"select ';'; select 2;") == MigrationInfo(
        "20240102030405", "init", True, "prisma", "up"
    )


@pytest.mark.parametrize(
    ("text", "version", "tool", "transaction"),
    [
        (b"revision: str = 'ab12'\ndown_revision = None\n", "ab12", "alembic", True),
        (b"class Migration(migrations.Migration):\n    atomic = False\n", "0003", "django", False),
        (b"class Migration(migrations.Migration):\n    pass\n", "0003", "django", True),
        (b"from yoyo import step\n__transactional__ = False\n", "0003", "yoyo", False),
        (b"class A:\n    def up(self, conn):\n        pass\n", "0003", "confiture", None),
        (b"x = 1\n", "0003", "", None),
    ],
)
def test_python_files(text: bytes, version: str, tool: str, transaction: bool | None) -> None:
    info = migration_info("app/0003_x.py", text)
    assert (info.version, info.tool, info.transaction) == (version, tool, transaction)


def test_yaml_files() -> None:
    assert migration_info("m/0003_x.yaml", b"migration:\n  transaction: false\n")[2:4] == (False, "confiture")
    assert migration_info("m/0003_x.yaml", b"migration:\n  ddl: x\n").transaction is None
