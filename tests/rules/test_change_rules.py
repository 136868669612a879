"""Every rule about changes, in the cases that are hard: text before it, quoted names, what the change itself made."""

import re

import pytest

from confiture_linter.effects import Change, ChangeSet
from confiture_linter.engine.memory import check_changes
from confiture_linter.engine.registry import AnyRule, load_rules

RULES = [
    r
    for r in load_rules(entry_points=False)
    if r.subject in (Change, ChangeSet) and isinstance(r.bad, str) and r.given
]
NAMES = re.compile(r"\b(w_order|w_log|w_customer|mv_order|v_order|w_booking|a)\b(?!_)(?=[\s(;,.)])")
OPENS = re.compile(r"(?m)^(?:BEGIN;\n|COMMIT;$)")

OF_WHAT_IS_NEW_TOO = {
    # Said of the script, whatever it works on.
    "check-function-bodies-off", "commit-in-transaction", "concurrently-in-transaction", "lock-timeout-ineffective",
    "mixed-transactional-modes-in-file", "non-transactional-statement-in-transaction", "search-path-set-in-migration",
    "session-replication-role", "set-role-without-reset", "set-without-local", "timeout-too-long",
    "transaction-nesting", "uncommitted-transaction", "statement-timeout-kills-concurrent-build",
    "missing-transaction",
    # Refused by PostgreSQL, old or new.
    "concurrent-index-on-partitioned", "deferred-constraint-side-effect", "enum-value-used-in-same-transaction", "pending-trigger-events",
    "refresh-matview-concurrently-without-unique-index", "statement-refused",
    # Of what is written, not of who waits.
    "alter-identity", "change-breaks-function-body", "create-rule", "disable-autovacuum", "drop-cascade", "drop-object",
    "function-property-lost-on-replace", "function-volatility-change", "grants-lost-on-drop-recreate",
    "if-not-exists-hides-drift", "invalid-index-retry", "rename-schema", "replace-function-signature-change",
    "require-if-exists", "vacuum-full", "drop-generated-expression", "change-column-type-narrowing",
}  # fmt: skip


def marks(rule: AnyRule, script: str, schema: str) -> list[tuple[str, str]]:
    """What is reported: the text at its place, and the message."""
    data = script.encode()
    return [
        (data[f.span.start : f.span.start + 6].decode("utf-8", "replace"), f.message)
        for f in check_changes(rule, script, schema)
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_text_before_it_moves_the_mark(rule: AnyRule) -> None:
    assert isinstance(rule.bad, str)
    plain = marks(rule, rule.bad, rule.given)
    assert marks(rule, f"-- Größe 😀 é\n/* ä */ {rule.bad}", rule.given) == plain
    assert marks(rule, rule.bad.replace("\n", "\r\n"), rule.given) == plain


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_quoted_names(rule: AnyRule) -> None:
    """A name that must be quoted is found and is printed quoted where SQL is printed."""
    assert isinstance(rule.bad, str)

    def quoted(text: str) -> str:
        return NAMES.sub(lambda found: f'"É {found[1]}"', text)

    if "AS '" in rule.bad + rule.given or "$$" in rule.bad:
        return  # names inside string bodies would need quoting of their own
    before = check_changes(rule, rule.bad)
    after = check_changes(rule, quoted(rule.bad), quoted(rule.given))
    assert len(after) == len(before)
    for finding in after:
        for sql in re.findall(r"`([A-Z][^`]*)`", finding.help):
            assert not re.search(r'(?<!["É\w])É ', sql), sql


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r.name not in OF_WHAT_IS_NEW_TOO], ids=lambda rule: rule.name
)
def test_what_the_change_made_itself_is_left_alone(rule: AnyRule) -> None:
    assert isinstance(rule.bad, str)
    assert [f.message for f in check_changes(rule, f"{rule.given}\n{rule.bad}", "")] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_schema_that_is_not_public(rule: AnyRule) -> None:
    """Everything in a schema of its own, by search_path: the same is reported."""
    assert isinstance(rule.bad, str)
    if "SCHEMA" in rule.bad + rule.given or "search_path" in rule.bad + rule.given:
        return
    given = f"CREATE SCHEMA shop;\nSET search_path = shop, public;\n{rule.given}"
    config = rule.config + "\nschema: {search_path: [shop, public]}\n"
    before = check_changes(rule, rule.bad)
    after = check_changes(rule, rule.bad, given, config)
    assert [f.message for f in after] == [re.sub(r"\bpublic\.", "shop.", f.message) for f in before]
