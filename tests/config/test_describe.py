"""What `config show`, `config schema` and the reference page say about a configuration."""

import math
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from confiture_linter import config as room
from confiture_linter.config import (
    AnonymizationConfig,
    Config,
    CustomRule,
    Environment,
    Forbid,
    HookConfig,
    Layer,
    LintConfig,
    Match,
    MigrationsConfig,
    PathConfig,
    PggitConfig,
    Require,
    RuleConfig,
    SchemaConfig,
    Tenancy,
    default_config,
    json_schema,
    load_config,
    parse_config,
    reference,
    show,
)
from confiture_linter.config.schema import CONFIG, MISSING, ListOf, MapOf, Record, Type, default_of
from confiture_linter.config.settings import AXES, CUSTOM_KINDS, KINDS, LEVELS, PHASES
from confiture_linter.model import ConfigError, Severity

CONTRACT = Path(__file__).parent / "data" / "confiture.yaml"


def without_places(value: Any) -> Any:
    """The same configuration as if nobody knew where it was written."""
    if isinstance(value, Config):
        value = value._replace(path="", root=".", positions={}, warnings=())
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        inner: Any = type(value)(*map(without_places, value))
        return inner._replace(line=0, column=0) if hasattr(inner, "line") else inner
    if isinstance(value, tuple):
        return tuple(map(without_places, value))
    if isinstance(value, dict):
        return {key: without_places(each) for key, each in value.items()}
    return value


def again(config: Config, comments: bool = False) -> Config:
    return parse_config(show(config, comments).encode(), "confiture.yaml")


@pytest.mark.parametrize("comments", [False, True])
def test_the_contract_survives(comments: bool) -> None:
    config = load_config(str(CONTRACT))
    assert without_places(again(config, comments)) == without_places(config)
    assert show(again(config)) == show(config)


@pytest.mark.parametrize("comments", [False, True])
def test_the_defaults_survive(comments: bool) -> None:
    assert without_places(again(default_config("."), comments)) == default_config(".")


def test_other_yaml_readers_agree() -> None:
    config = load_config(str(CONTRACT))
    assert yaml.safe_load(show(config)) == yaml.safe_load(show(config, comments=True))
    assert yaml.safe_load(show(config))["schema"] == yaml.safe_load(CONTRACT.read_text())["schema"]


def test_comments_explain_each_key_once() -> None:
    text = show(default_config("."), comments=True)
    assert text.startswith("# Version of this format.\nversion: 1\n\n# Major version")
    assert "\n  # Build order:" in text


def test_a_password_is_not_shown() -> None:
    url = "postgresql://app:hunter2@db/app?x=1"
    text = show(Config(environments={"a": Environment(url)}))
    assert "hunter2" not in text
    assert '"postgresql://app:***@db/app?x=1"' in text


# The characters YAML can carry, quotes and separators that need escaping, words that look like values.
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.sampled_from(
        ["no", "on", "True", "null", "~", "012", "1e3", "0x1F", "1:30", "1_000", "-", "? a", "a: b", "# x", "<<", ".inf", "=", "\x85\u2028\ufeff"]
    ),
)  # fmt: skip
names = texts
lists = st.lists(texts, max_size=3).map(tuple)
regexes = st.sampled_from(["^w_", "(a|b)$", r"\d+", "^[^:#]+$"])
severities = st.sampled_from(Severity)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.just(""),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
options = st.dictionaries(texts, plain, max_size=3)
durations = st.sampled_from(["2s", "0", "1.5 min", "100ms"])


@st.composite
def layers(draw: st.DrawFn) -> tuple[Layer, ...]:
    known = draw(st.lists(names, max_size=3, unique=True))
    reads = st.none() | (st.lists(st.sampled_from(known), max_size=3).map(tuple) if known else st.just(()))
    return tuple(
        draw(
            st.builds(
                Layer,
                st.just(name),
                lists,
                st.dictionaries(st.sampled_from(KINDS), regexes, max_size=3),
                reads,
                reads,
                st.dictionaries(names, lists, max_size=2),
                line=st.just(0),
                column=st.just(0),
            )
        )
        for name in known
    )


customs = st.lists(
    st.builds(
        CustomRule,
        st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3}){0,2}", fullmatch=True),
        st.sampled_from(CUSTOM_KINDS),
        lists,
        st.builds(Match, st.none() | regexes, st.none() | texts),
        st.builds(
            Require,
            st.none() | regexes,
            st.none() | texts,
            st.none() | texts,
            st.none() | texts,
            st.just(True),
            st.booleans(),
        ),
        st.builds(Forbid, st.none() | regexes, st.none() | texts, lists),
        severities,
        texts,
        line=st.just(0),
        column=st.just(0),
    ),
    max_size=2,
    unique_by=lambda rule: rule.name,
).map(tuple)

hooks = st.lists(
    st.builds(
        HookConfig, texts, texts | st.just(""), st.integers(1, 900), st.integers(0, 9), options, line=st.just(0), column=st.just(0)
    ),
    max_size=2,
).map(tuple)  # fmt: skip

lints = st.builds(
    LintConfig,
    st.sampled_from(["default", "strict", "cqrs", "multi-tenant", "supabase", "all"]),
    severities,
    lists,
    lists,
    st.dictionaries(
        texts,
        st.builds(RuleConfig, st.none() | severities, lists, options, st.just(0), st.just(0)),
        max_size=2,
    ),
    st.lists(
        st.builds(
            PathConfig, texts, lists, st.dictionaries(texts, severities, max_size=2), st.just(0), st.just(0)
        ),
        max_size=2,
        unique_by=lambda each: each.glob,
    ).map(tuple),
    customs,
    st.lists(st.from_regex(r"[a-z_]{1,4}(\.[a-z_]{1,4}){0,2}", fullmatch=True), max_size=2).map(tuple),
    st.none() | texts,
)

configs = st.builds(
    Config,
    path=st.just(""),
    root=st.just("."),
    version=st.just(1),
    postgres=st.integers(13, 18),
    schema=st.builds(
        SchemaConfig,
        lists,
        lists,
        st.sampled_from(["path", "natural", "computed", "globs", "list:a: b", "psql:#x"]),
        lists,
        lists,
        st.dictionaries(texts, texts | st.just(""), max_size=3).map(lambda pairs: tuple(pairs.items())),
        lists.map(lambda each: tuple(text for text in each if ":" not in text)),
    ),
    migrations=st.builds(
        MigrationsConfig,
        lists,
        st.sampled_from(["natural", "path", "diesel", "flyway", "prisma", "sqitch:x y"]),
        st.sampled_from(["file", "statement", "none"]),
        st.none() | texts,
        st.none() | texts,
    ),
    layers=layers(),
    tenancy=st.none() | st.builds(Tenancy, texts, texts, st.none() | texts, lists, lists, st.none() | texts),
    lint=lints,
    hooks=st.fixed_dictionaries(dict.fromkeys(PHASES, hooks)),
    environments=st.dictionaries(
        names,
        st.builds(
            Environment,
            st.none() | st.sampled_from(["${DATABASE_URL}", "postgresql://u@h/d", "service=app"]),
            durations,
            durations,
            st.fixed_dictionaries(dict.fromkeys(AXES, st.sampled_from(LEVELS))),
            st.none() | st.sampled_from(["08:00-19:00 Europe/Paris", "22:00-24:00"]),
        ),
        max_size=2,
    ),
    anonymization=st.builds(AnonymizationConfig, st.none() | texts),
    pggit=st.builds(PggitConfig, st.sampled_from(["auto", "true", "false"]), texts),
    positions=st.just({}),
    warnings=st.just(()),
)


@settings(deadline=None, max_examples=150)
@given(configs)
def test_show_loads_back(config: Config) -> None:
    text = show(config)
    assert without_places(again(config)) == config
    assert show(again(config)) == text
    assert without_places(again(config, comments=True)) == config


def test_not_a_number_survives() -> None:
    rules = {"x": RuleConfig(options={"n": math.nan})}
    value = again(Config(lint=LintConfig(rules=rules))).lint.rules["x"].options["n"]
    assert isinstance(value, float)
    assert math.isnan(value)


def document(text: str) -> Any:
    return yaml.safe_load(text)


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_json_schema_takes_the_contract_and_what_is_shown(validator: Any) -> None:
    validator.validate(document(CONTRACT.read_text(encoding="utf-8")))
    validator.validate(document(show(load_config(str(CONTRACT)))))
    validator.validate(document(show(default_config("."))))
    validator.validate(document("schema:\nlint:\n  select:\n"))
    validator.validate(document("pggit: {enabled: true}"))


@pytest.mark.parametrize(
    "text",
    [
        "schemas: {}",
        "lint: {slect: []}",
        "postgres: 12",
        "postgres: '16'",
        "schema: {roots: db}",
        "schema: {order: best}",
        "schema: {order: 'list:'}",
        "layers: [{paths: [a]}]",
        "layers: [{name: a, names: {tabel: x}}]",
        "lint: {fail_on: never}",
        "lint: {per_path: {'a/**': {x: 1}}}",
        "lint: {custom: [{name: a}]}",
        "lint: {custom: [{name: A, kind: table}]}",
        "environments: {a: {database_url: 'mysql://h'}}",
        "environments: {a: {lock_timeout: 2 sec}}",
        "hooks: {before: []}",
        "pggit: {enabled: maybe}",
    ],
)
def test_json_schema_and_the_reader_refuse_alike(validator: Any, text: str) -> None:
    assert not validator.is_valid(document(text))
    with pytest.raises(ConfigError):
        parse_config(text.encode(), "confiture.yaml")


def records(kind: Type, name: str = "") -> list[tuple[str, Record]]:
    if isinstance(kind, Record):
        return [
            (name, kind),
            *(found for key in kind.keys for found in records(key.type, f"{name}.{key.name}")),
        ]
    if isinstance(kind, ListOf):
        return records(kind.item, name)
    return records(kind.value, name) if isinstance(kind, MapOf) else []


@pytest.mark.parametrize(("name", "record"), records(CONFIG))
def test_every_field_is_described_and_every_key_has_a_field(name: str, record: Record) -> None:
    kept = {"line", "column"} if record.placed else set()
    kept |= {"path", "root", "positions", "warnings"} if record is CONFIG else set()
    kept |= {"glob"} if name == ".lint.per_path" else set()
    fields = set(getattr(record.build, "_fields", record.defaults))
    assert {key.name for key in record.keys} == fields - kept
    for key in record.keys:
        assert key.doc.endswith(".")
        assert record.build or default_of(record, key.name) is not MISSING


def test_reference_has_a_row_for_every_key() -> None:
    page = reference()
    assert "| `lint.custom[].kind` | `table`, `view`" in page
    assert '| `environments.NAME.lock_timeout` | a duration as PostgreSQL writes it | `"2s"` |' in page


def test_lazy_names() -> None:
    assert all(getattr(room, name) for name in room.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        room.nothing  # noqa: B018
