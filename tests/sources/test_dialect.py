"""The guess at another database's SQL."""

import pytest

from confiture_linter.sources import guess_dialect


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("create table `t` (id int(11) auto_increment) engine=InnoDB;", "mysql"),
        ("DELIMITER //\nCREATE PROCEDURE p() BEGIN END//", "mysql"),
        ("PRAGMA foreign_keys = ON;\ncreate table t (id integer primary key autoincrement);", "sqlite"),
        ("CREATE TABLE [dbo].[t] (a nvarchar(10))\nGO\n", "mssql"),
        ("IF NOT EXISTS (SELECT 1 FROM sys.tables) CREATE TABLE t (a UNIQUEIDENTIFIER)", "mssql"),
        ("create table t (a varchar2(10), b number(3));\n/\n", "oracle"),
        ("alter table t on cluster default add index i", "clickhouse"),
        ("select * from `project-data.set.table`", "bigquery"),
        ("create table t (a int) using delta", "spark"),
        ("create table t (a int", None),
        ("select 'engine=innodb' -- auto_increment\n, $$ varchar2(1) $$", None),
        ("", None),
    ],
)
def test_guess(sql: str, dialect: str | None) -> None:
    assert guess_dialect(sql.encode()) == dialect
