"""Advice works when it is followed: the SQL that help texts name runs on a server, and fixes silence their rule."""

import re

import psycopg
import pytest

from confiture_linter.effects import Change, ChangeSet
from confiture_linter.engine.memory import check_changes
from confiture_linter.engine.registry import AnyRule, load_rules
from confiture_linter.model import Finding
from confiture_migrator.shadow import Shadow

ABOUT_CHANGES = [r for r in load_rules(entry_points=False) if r.subject in (Change, ChangeSet)]
SQL = re.compile(r"`([A-Z][^`]*)`")
ELLIPSIS = "…"


def advised(rule: AnyRule) -> list[str]:
    """The statements in the help of the bad example's findings, those with an ellipsis left out."""
    found = [sql for finding in check_changes(rule, rule.bad) for sql in SQL.findall(finding.help)]
    return [sql for sql in dict.fromkeys(found) if ELLIPSIS not in sql]


ADVISING = [rule for rule in ABOUT_CHANGES if advised(rule)]


@pytest.mark.pg
@pytest.mark.parametrize("rule", ADVISING, ids=lambda rule: rule.name)
def test_advice_runs(rule: AnyRule, shadow: Shadow) -> None:
    database = shadow.create_database(f"advice_{rule.name.replace('-', '_')}"[:50])
    with shadow.connect(database) as connection:
        connection.execute(rule.given)
        for sql in _prepared(rule) + advised(rule):
            connection.execute(sql)


def _prepared(rule: AnyRule) -> list[str]:
    """What must be there for the advice: the part of the bad example that the advice keeps."""
    if rule.name in _KEEPS:
        return [_KEEPS[rule.name]]
    return []


_KEEPS = {
    "add-foreign-key-without-not-valid": (
        "ALTER TABLE w_order ADD CONSTRAINT w_order_customer FOREIGN KEY (customer_id) REFERENCES w_customer NOT VALID"
    ),
    "add-check-without-not-valid": "ALTER TABLE w_order ADD CONSTRAINT w_order_total CHECK (total >= 0) NOT VALID",
    "domain-add-constraint": "ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE >= 0) NOT VALID",
}


@pytest.mark.pg
@pytest.mark.parametrize("rule", ABOUT_CHANGES, ids=lambda rule: rule.name)
def test_examples_do_what_the_rule_says_of_them(rule: AnyRule, shadow: Shadow) -> None:
    """The good example, and the schema it changes, are valid SQL for a server of the rule's version."""
    if any(word in rule.good + rule.bad for word in _ELSEWHERE) or not isinstance(rule.good, str):
        return
    database = shadow.create_database(f"good_{rule.name.replace('-', '_')}"[:50])
    with shadow.connect(database) as connection:
        connection.execute(rule.given)
        for statement in rule.good.split(";\n"):
            connection.execute(statement)


_ELSEWHERE = ("TABLESPACE fast", "METHOD columnar", "ROLE app_owner", "TO app", "SCHEMA app")
"""Examples that name what a new server does not have."""


def fixed(rule: AnyRule, text: str, findings: list[Finding]) -> str:
    """The text with the first fix applied."""
    data = text.encode()
    fix = next(f.fix for f in findings if f.fix is not None)
    for edit in sorted(fix.edits, key=lambda e: e.span, reverse=True):
        data = data[: edit.span.start] + edit.replacement.encode() + data[edit.span.end :]
    return data.decode()


FIXING = [
    rule
    for rule in ABOUT_CHANGES
    if isinstance(rule.bad, str) and any(f.fix is not None for f in check_changes(rule, rule.bad))
]


@pytest.mark.parametrize("rule", FIXING, ids=lambda rule: rule.name)
@pytest.mark.parametrize("before", ["", "-- é😀\n", "/* é\n */ "])
def test_a_fix_silences_its_rule(rule: AnyRule, before: str) -> None:
    assert isinstance(rule.bad, str)
    text = before + rule.bad
    findings = check_changes(rule, text)
    after = fixed(rule, text, findings)
    assert after.startswith(before)
    left = check_changes(rule, after)
    assert len(left) < len(findings), after
    assert not any(f.fix is not None for f in left)


@pytest.mark.pg
@pytest.mark.parametrize("rule", FIXING, ids=lambda rule: rule.name)
def test_a_fixed_example_runs(rule: AnyRule, shadow: Shadow) -> None:
    assert isinstance(rule.bad, str)
    after = fixed(rule, rule.bad, check_changes(rule, rule.bad))
    database = shadow.create_database(f"fixed_{rule.name.replace('-', '_')}"[:50])
    with shadow.connect(database) as connection:
        connection.execute(rule.given)
        try:
            for statement in after.split(";\n"):
                connection.execute(statement)
        except psycopg.errors.DependentObjectsStillExist:
            assert rule.name == "drop-cascade"  # RESTRICT is meant to say what still needs it
