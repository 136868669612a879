"""Every hazard of the catalogue is found in its example, by the rule that the table names."""

import pytest
from tests.rules.catalogue import CATALOGUE, Row

from confiture_linter.config import default_config, parse_config
from confiture_linter.effects import Change, ChangeSet
from confiture_linter.engine.check import check
from confiture_linter.engine.memory import open_changes, open_texts
from confiture_linter.engine.registry import load_rules
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.model import Preset

RULES = load_rules(entry_points=False)
ROWS = [row for rows in CATALOGUE.values() for row in rows if row.change]


def said(row: Row, *, of_changes: bool = False) -> set[str]:
    """Names of the rules that speak of the example, as a tree or as a change of one.

    `of_changes` leaves only those about changes that are on by default.
    """
    settings = parse_config(row.config.encode(), "confiture.yaml") if row.config else default_config(".")
    active = []
    for rule in RULES:
        given = settings.lint.rules.get(rule.name)
        options = {**rule.options, **given.options} if given else rule.options
        if not of_changes or (rule.preset is Preset.DEFAULT and rule.subject in (Change, ChangeSet)):
            active.append(ActiveRule(rule, rule.severity, options, None))
    scripts = {"m/1.sql": row.change} if isinstance(row.change, str) else dict(row.change)
    names = {
        f.rule for f in check(open_changes(row.given, scripts, row.config, active), active, RULES).findings
    }
    if not row.given:
        names |= {f.rule for f in check(open_texts(scripts, row.config), active, RULES).findings}
    return names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.hazard)
def test_the_hazard_is_found(row: Row) -> None:
    if row.rules:
        assert set(row.rules.split()) <= said(row)
    else:
        assert said(row, of_changes=True) == set(), "silence is the answer"


def test_the_table_names_rules_that_are_there() -> None:
    known = {rule.name for rule in RULES}
    for rows in CATALOGUE.values():
        for row in rows:
            assert set(row.rules.split()) <= known, row.hazard
            assert row.change or row.note, f"{row.hazard}: an example, or a word why there is none"
