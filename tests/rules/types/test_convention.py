"""Types that are taste in general and a slip where the rest of the tree does otherwise."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules

RULES = {rule.name: rule for rule in load_rules(entry_points=False)}

JSONB = "".join(f"CREATE TABLE t{n} (id int PRIMARY KEY, payload jsonb);\n" for n in range(10))
IDENTITY = "".join(
    f"CREATE TABLE t{n} (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n" for n in range(10)
)
JSON = "CREATE TABLE odd (id int PRIMARY KEY, payload json);\n"
SERIAL = "CREATE TABLE odd (id serial PRIMARY KEY);\n"


@pytest.mark.parametrize(
    ("name", "sql", "config", "found"),
    [
        ("prefer-jsonb", JSONB + JSON, "version: 1", 1),
        ("prefer-jsonb", JSON, "version: 1", 0),
        ("prefer-jsonb", JSON, "lint: {preset: strict}", 1),
        ("prefer-identity", IDENTITY + SERIAL, "version: 1", 1),
        ("prefer-identity", SERIAL * 1, "version: 1", 0),
        ("prefer-identity", SERIAL, "lint: {preset: all}", 1),
    ],
)
def test_slips(name: str, sql: str, config: str, found: int) -> None:
    findings = check_texts(RULES[name], sql, config)
    assert [f.object for f in findings] == [
        "public.odd.payload" if "json" in name else "public.odd.id"
    ] * found
