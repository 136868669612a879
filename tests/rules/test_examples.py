"""Every rule proves itself: its bad example is reported at the place it names, its good one is silent."""

import pytest

from confiture_linter.engine.memory import analyse_texts, check_example
from confiture_linter.engine.registry import AnyRule, load_rules

ALL_RULES = load_rules(entry_points=False)
RULES = [rule for rule in ALL_RULES if rule.name != "stale-baseline-entry"]
"""A stale entry needs a baseline, not SQL: tests/engine/test_baseline.py."""


def files_of(example):
    return {"example.sql": example} if isinstance(example, str) else dict(example)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_bad_example_is_reported_where_it_says(rule: AnyRule) -> None:
    findings = check_example(rule, rule.bad)
    assert findings, "the bad example is not reported"
    files = files_of(rule.bad)
    first = findings[0]
    text = files[first.path].encode()[first.span.start :].decode()
    assert text.startswith(rule.at), f"reported at {text[:60]!r}"
    assert first.message
    assert first.span.end >= first.span.start


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_good_example_is_silent(rule: AnyRule) -> None:
    assert [f.message for f in check_example(rule, rule.good)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_examples_parse(rule: AnyRule) -> None:
    examples = (rule.good,) if rule.name in ("syntax-error", "statement-refused") else (rule.bad, rule.good)
    for example in (*examples, *([rule.given] if rule.given else [])):
        catalog = analyse_texts(files_of(example), rule.config).catalog
        kinds = {type(s.statement.fact).__name__ for s in catalog.statements}
        assert catalog.statements
        assert "Unparsed" not in kinds


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_documentation_is_complete(rule: AnyRule) -> None:
    assert rule.summary.endswith("."), rule.summary
    assert rule.description, "say why, when not, and what to do instead"
    assert "*Instead:*" in rule.description
