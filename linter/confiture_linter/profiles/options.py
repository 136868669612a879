"""The options of every built-in strategy, described once; what a strategy does is in the migrator."""

from collections.abc import Mapping

from confiture_linter.config.schema import MISSING, Boolean, Choice, Free, Integer, Key, Record, Text

_TYPE = Key("type", Text(), "Which strategy it is.")
_SECRET = Key("key", Text(), "Environment variable with the key, as ${VARIABLE}.")

OPTIONS: Mapping[str, Record] = {
    "email": Record(
        (
            _TYPE,
            Key("keep_domain", Boolean(), "Whether what stands behind the @ is kept."),
            Key("prefix", Text(or_empty=True, as_written=True), "What every address begins with."),
            Key("domain", Text(), "The domain that replaces every other."),
            _SECRET,
        ),
        defaults={"keep_domain": False, "prefix": "", "domain": "example.com", "key": None},
    ),
    "pattern": Record(
        (_TYPE, Key("pattern", Text(as_written=True), "`*` masks, anything else keeps the character there.")),
        defaults={"pattern": MISSING},
    ),
    "hash": Record((_TYPE, _SECRET), defaults={"key": None}),
    "keep": Record((_TYPE,)),
    "null": Record((_TYPE,)),
    "redact": Record(
        (_TYPE, Key("value", Text(or_empty=True, as_written=True), "The text that replaces every text.")),
        defaults={"value": "[REDACTED]"},
    ),
    "fake": Record(
        (
            _TYPE,
            Key("provider", Text(), "Provider of the library Faker, such as name or street_address."),
            Key("locale", Text(), "Language and country, such as fr_FR."),
            _SECRET,
        ),
        defaults={"provider": MISSING, "locale": "en_US", "key": None},
    ),
    "range": Record(
        (
            _TYPE,
            Key("min", Free(mapping=False), "Least value."),
            Key("max", Free(mapping=False), "Greatest value."),
            _SECRET,
        ),
        defaults={"min": MISSING, "max": MISSING, "key": None},
    ),
    "date_shift": Record(
        (
            _TYPE,
            Key("days", Integer(1, 36_500), "How far a value moves at most, in days."),
            Key("per", Text(), "Column of the row: values of rows that agree in it move alike."),
            _SECRET,
        ),
        defaults={"days": MISSING, "per": None, "key": None},
    ),
    "conditional": Record(
        (
            _TYPE,
            Key("condition", Text(), "Which rows, such as row.is_internal = true."),
            Key("if_true", Free(), "Strategy for rows that satisfy it."),
            Key("if_false", Free(), "Strategy for all others, those with NULL included."),
        ),
        defaults={"condition": MISSING, "if_true": MISSING, "if_false": MISSING},
    ),
    "json": Record(
        (_TYPE, Key("paths", Free(), "Path such as $.customer.email, and its strategy.")),
        defaults={"paths": MISSING},
    ),
    "skip_table": Record((_TYPE,)),
}
"""Strategy to its options. `type` has no default: it must be there."""

TABLE = Record(
    (
        Key("table", Text(), "Table, as name or schema.name."),
        Key("columns", Free(), "Column and its strategy."),
        Key("strategy", Choice(("skip_table",)), "skip_table: its rows are left out."),
    ),
    defaults={"table": MISSING, "columns": None, "strategy": None},
    hint="write `- table: NAME` and `columns:` below it",
)
PROFILE = Record(
    (
        Key("anonymization_profile", Text(as_written=True), "Name of the profile."),
        Key("description", Text(or_empty=True), "What it is for."),
        Key("strategies", Free(), "Strategies by name."),
        Key("rules", Free(mapping=False), "What happens to which table."),
    ),
    defaults={"anonymization_profile": MISSING, "description": "", "strategies": None, "rules": None},
    hint="write anonymization_profile:, strategies: and rules:",
)
