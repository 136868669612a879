"""What is said of small changes is what PostgreSQL does with them."""

from pathlib import Path

import psycopg
import pytest
from tests.rules.hazard_cases import CASES, Case

from confiture_linter.config import default_config
from confiture_linter.effects import Change, ChangeSet
from confiture_linter.engine.check import check
from confiture_linter.engine.registry import load_rules
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.workspace import open_workspace
from confiture_linter.model import Preset
from confiture_linter.sources.split import split_statements
from confiture_migrator.shadow import Shadow

RULES = [
    rule
    for rule in load_rules(entry_points=False)
    if rule.preset is Preset.DEFAULT
    and (
        rule.subject in (Change, ChangeSet)
        or rule.name in ("syntax-error", "missing-object", "missing-column")
    )
]
ACTIVE = [ActiveRule(rule, rule.severity, rule.options, None) for rule in RULES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_said(case: Case, tmp_path: Path) -> None:
    (tmp_path / "0001_given.sql").write_text(case.given)
    (tmp_path / "0002_change.sql").write_text(case.change)
    workspace = open_workspace(default_config(str(tmp_path)), [str(tmp_path)], rules=ACTIVE)
    findings = check(workspace, ACTIVE, RULES).findings
    found = [finding.rule for finding in findings if finding.path == "0002_change.sql"]
    assert sorted(found) == sorted(case.expected.split())


@pytest.fixture(scope="module")
def database(shadow: Shadow) -> str:
    return shadow.create_database("hazard_cases")


@pytest.mark.pg
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_postgresql_does(case: Case, shadow: Shadow, database: str) -> None:
    with shadow.connect(database) as connection:
        connection.autocommit = True
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.execute((case.given or "SELECT").encode())
        before = _files(connection)
        if case.refused:
            with pytest.raises(psycopg.Error):
                _run(connection, case)
            connection.execute("ROLLBACK")
            return
        _run(connection, case)
        after = _files(connection)
        changed = {name for name in before if name in after and before[name] != after[name]}
        assert changed == set(case.rewrites.split())


def _run(connection: psycopg.Connection[tuple[object, ...]], case: Case) -> None:
    if case.alone:
        data = case.change.encode()
        for start, end in split_statements(data):
            connection.execute(data[start:end])
        return
    with connection.transaction():
        connection.execute(case.change.encode())


def _files(connection: psycopg.Connection[tuple[object, ...]]) -> dict[object, object]:
    """The file of every table: another one when it is written anew."""
    query = "SELECT oid, relname, relfilenode FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    return {name: file for _, name, file in connection.execute(query)}
