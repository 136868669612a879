"""The contract file, value by value, and what holds without one."""

import json
import pickle
import re
from pathlib import Path

import pytest

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
    find_config,
    load_config,
)
from confiture_linter.model import ConfigError, Severity

CONTRACT = Path(__file__).parent / "data" / "confiture.yaml"


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(str(CONTRACT))


def test_where_it_came_from(config: Config) -> None:
    assert config.path == str(CONTRACT)
    assert config.root == str(CONTRACT.parent)
    assert (config.version, config.postgres) == (1, 16)
    assert config.warnings == ()


def test_schema(config: Config) -> None:
    assert config.schema == SchemaConfig(
        roots=("db/0_schema",),
        exclude=("**/revert/**", "**/verify/**"),
        order="path",
        load_order=(),
        search_path=("public",),
        placeholders=(("${schema}", "app"), ("@extschema@", "ext"), (":owner", "app_owner")),
        external=("crm.*", "auth.users", "extension:postgis"),
    )


def test_migrations(config: Config) -> None:
    assert config.migrations == MigrationsConfig(
        roots=("db/migrations",),
        order="natural",
        transaction="file",
        since=None,
        snapshot="db/snapshot.json",
    )


def test_layers(config: Config) -> None:
    assert config.layers == (
        Layer("common", ("db/0_schema/00_common/**",), line=23, column=5),
        Layer(
            "write",
            ("db/0_schema/01_write_side/**",),
            {"table": "^w_", "function": "^fn_"},
            ("common", "write"),
            ("write",),
            line=25,
            column=5,
        ),
        Layer(
            "read",
            ("db/0_schema/02_query_side/**",),
            {"table": "^r_", "view": "^v_", "materialized_view": "^mv_"},
            ("common", "write", "read"),
            ("read",),
            {"r_customer_lifetime_value": ("w_customer", "w_order")},
            line=30,
            column=5,
        ),
        Layer(
            "functions",
            ("db/0_schema/03_functions/**",),
            {"function": "^fn_"},
            ("common", "write", "read", "functions"),
            ("write", "read"),
            line=37,
            column=5,
        ),
    )


def test_tenancy(config: Config) -> None:
    assert config.tenancy == Tenancy(
        column="tenant_id",
        type="uuid",
        root="w_tenant",
        tables=("*",),
        exempt=("audit_*", "system_*", "w_tenant"),
        setting="app.tenant_id",
    )


def test_lint(config: Config) -> None:
    assert config.lint == LintConfig(
        preset="default",
        fail_on=Severity.WARNING,
        select=(),
        ignore=(),
        rules={
            "foreign-key-without-index": RuleConfig(Severity.ERROR, ("legacy_*",), {}, 57, 5),
            "identifier-too-long": RuleConfig(None, (), {"max_length": 50}, 58, 5),
        },
        per_path=(PathConfig("db/0_schema/legacy/**", ("naming",), {}, 60, 5),),
        custom=(
            CustomRule(
                name="money-columns-are-numeric",
                kind="column",
                paths=("db/**",),
                match=Match(name="(amount|price|total)$"),
                require=Require(type="numeric*"),
                forbid=Forbid(),
                severity=Severity.WARNING,
                message="money is numeric, never floating point",
                line=62,
                column=7,
            ),
        ),
        plugins=(),
        baseline="confiture-baseline.json",
    )
    assert type(config.lint.fail_on) is Severity


def test_hooks_in_the_order_of_phases(config: Config) -> None:
    assert list(config.hooks.items()) == [
        ("before_validation", ()),
        ("before_ddl", ()),
        ("after_ddl", ()),
        (
            "after_validation",
            (
                HookConfig(
                    "analyze_statistics",
                    config={"tables": ("r_customer_lifetime_value",)},
                    line=78,
                    column=7,
                ),
            ),
        ),
        ("cleanup", ()),
        ("on_error", ()),
    ]


def test_environments_and_the_rest(config: Config) -> None:
    assert config.environments == {
        "production": Environment(
            "${DATABASE_URL}",
            "2s",
            "5min",
            {"locking": "medium", "data_loss": "none", "performance": "medium", "compatibility": "medium"},
            "08:00-19:00 Europe/Paris",
        )
    }
    assert config.anonymization == AnonymizationConfig("db/anonymization")
    assert config.pggit == PggitConfig("auto")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("schema", "external", "2"), (13, 37)),
        (("lint", "rules", "identifier-too-long"), (58, 5)),
        (("lint", "per_path", "db/0_schema/legacy/**"), (60, 5)),
        (("lint", "per_path", "db/0_schema/legacy/**", "ignore", "0"), (60, 40)),
        (("lint", "rules", "identifier-too-long", "options", "max_length"), (58, 37)),
        (("layers", "1", "names", "function"), (27, 27)),
        (("hooks", "after_validation", "0", "config", "tables", "0"), (78, 52)),
    ],
)
def test_positions(config: Config, path: tuple[str, ...], place: tuple[int, int]) -> None:
    assert config.positions[path] == place


def test_pickle(config: Config) -> None:
    assert pickle.loads(pickle.dumps(config)) == config


def test_without_a_configuration() -> None:
    config = default_config("/srv/app")
    assert (config.path, config.root) == ("", "/srv/app")
    assert (config.schema.roots, config.migrations.roots, config.layers, config.tenancy) == ((), (), (), None)
    assert (config.postgres, config.schema.order, config.schema.search_path) == (16, "path", ("public",))
    assert (config.lint.preset, config.lint.fail_on) == ("default", Severity.WARNING)
    assert (config.migrations.order, config.migrations.transaction) == ("natural", "file")
    assert set(config.hooks.values()) == {()}


def write(tmp_path: Path, text: str) -> str:
    path = tmp_path / "confiture.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "text", ["", "\n# nothing yet\n", "---\n", "{}", "null", "schema:\nlint:\n  select:\n"]
)
def test_a_file_that_says_nothing_means_the_defaults(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    assert load_config(path)._replace(positions={}) == default_config(str(tmp_path))._replace(path=path)


def test_empty_values_keep_the_defaults(tmp_path: Path) -> None:
    config = load_config(
        write(tmp_path, "tenancy:\n  tables:\nschema:\n  search_path:\nenvironments:\n  local:\n    risk:\n")
    )
    assert config.tenancy == Tenancy()
    assert config.schema.search_path == ("public",)
    assert config.environments == {"local": Environment()}


def test_bom_crlf_and_anchors(tmp_path: Path) -> None:
    path = tmp_path / "confiture.yaml"
    path.write_bytes(
        b"\xef\xbb\xbfpostgres: 17\r\nenvironments:\r\n  a: &a\r\n    lock_timeout: 1s\r\n    peak_hours: 08:00-09:00\r\n"
        b"  b:\r\n    <<: *a\r\n    lock_timeout: 3s\r\n  c: *a\r\n"
    )
    config = load_config(str(path))
    assert config.postgres == 17
    assert config.positions[("postgres",)] == (1, 1)
    assert config.environments["b"] == Environment(lock_timeout="3s", peak_hours="08:00-09:00")
    assert config.environments["c"] == Environment(lock_timeout="1s", peak_hours="08:00-09:00")


def test_columns_are_code_points(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, 'schema: {external: ["é😀.*", other]}\n'))
    assert config.positions[("schema", "external", "1")] == (1, 29)


def test_words_and_numbers_are_names_where_the_user_chooses_keys(tmp_path: Path) -> None:
    config = load_config(
        write(tmp_path, "environments: {on: , 16: }\nschema: {placeholders: {':n': 5, x: no, y: ''}}\n")
    )
    assert list(config.environments) == ["on", "16"]
    assert config.schema.placeholders == ((":n", "5"), ("x", "no"), ("y", ""))


def test_versions_stay_as_written(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "migrations: {since: 0012}")).migrations.since == "0012"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("true", "true"), ("false", "false"), ("auto", "auto"), ('"true"', "true")],
)
def test_pggit_switch(tmp_path: Path, given: str, expected: str) -> None:
    assert load_config(write(tmp_path, f"pggit: {{enabled: {given}}}")).pggit.enabled == expected


def test_free_options(tmp_path: Path) -> None:
    text = 'lint: {rules: {x: {options: {a: [1, -2.5, "1", true, null, 1e3], b: {c: text, d: .inf}}}}}'
    options = load_config(write(tmp_path, text)).lint.rules["x"].options
    assert options == {"a": (1, -2.5, "1", True, None, 1000.0), "b": {"c": "text", "d": float("inf")}}


@pytest.mark.parametrize(
    "order", ["list:db/order.txt", "sqitch:sqitch.plan", "psql:db/all.sql", "globs", "computed"]
)
def test_orders(tmp_path: Path, order: str) -> None:
    assert load_config(write(tmp_path, f"schema: {{order: '{order}'}}")).schema.order == order


def test_depends_on_takes_one_or_many(tmp_path: Path) -> None:
    text = "lint: {custom: [{name: a, kind: view, forbid: {depends_on: write}}, {name: b, kind: view, forbid: {depends_on: [x, y]}}]}"
    first, second = load_config(write(tmp_path, text)).lint.custom
    assert first.forbid.depends_on == ("write",)
    assert second.forbid.depends_on == ("x", "y")


SECRET = "hunter2"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://app:{SECRET}@db/app",
        f"postgres://app:{SECRET}@x@db:5432/app?sslmode=require",
        f"postgres://app:{SECRET}/x@db:5432/app",
        f"postgresql://app@db/app?password={SECRET}&connect_timeout=3",
        f"host=db user=app password={SECRET}",
        f"host=db password = '{SECRET} \\' x' user=app",
        f"postgresql://app:${{PREFIX}}{SECRET}@db/app",
    ],
)
def test_a_literal_password_is_a_warning_and_never_shown(tmp_path: Path, url: str) -> None:
    config = load_config(
        write(tmp_path, f"environments:\n  production:\n    database_url: {json.dumps(url)}\n")
    )
    (warning,) = config.warnings
    assert warning[:3] == (config.path, 3, 5)
    assert "password" in warning.message
    assert SECRET not in str(warning)
    assert SECRET not in repr(config)
    assert config.environments["production"].database_url == url


@pytest.mark.parametrize(
    "url",
    [
        "${DATABASE_URL}",
        "postgresql://app:${PASSWORD}@db/app",
        "postgresql://db:5432/app?options=a@b",
        "postgresql://[::1]:5432/app",
        "postgresql:///app?host=/var/run",
        "postgresql://app@db/app?passfile=/x",
        "host=db password=${PASSWORD}",
        "service=app",
        "postgresql://app:@db/app",
    ],
)
def test_no_password(tmp_path: Path, url: str) -> None:
    config = load_config(
        write(tmp_path, f"environments:\n  production:\n    database_url: {json.dumps(url)}\n")
    )
    assert config.warnings == ()
    assert url in repr(config)


def test_load_order_without_effect(tmp_path: Path) -> None:
    (warning,) = load_config(write(tmp_path, "schema:\n  load_order: [a.sql]\n")).warnings
    assert warning[1:4] == (2, 3, "schema.load_order has no effect with order: path")


class TestFind:
    def test_upwards_to_the_repository(self, tmp_path: Path) -> None:
        inner = tmp_path / "repo" / "db" / "x"
        inner.mkdir(parents=True)
        (tmp_path / "confiture.yaml").touch()
        assert find_config(str(inner)) == str(tmp_path / "confiture.yaml")
        (tmp_path / "repo" / ".git").mkdir()
        assert find_config(str(inner)) is None
        (tmp_path / "repo" / "confiture.yml").touch()
        assert find_config(str(inner)) == str(tmp_path / "repo" / "confiture.yml")
        (tmp_path / "repo" / "confiture.yaml").touch()
        assert find_config(str(inner)) == str(tmp_path / "repo" / "confiture.yaml")

    def test_from_a_file(self, tmp_path: Path) -> None:
        (tmp_path / ".git").write_text("gitdir: elsewhere")
        (tmp_path / "confiture.yaml").touch()
        (tmp_path / "a.sql").touch()
        assert find_config(str(tmp_path / "a.sql")) == str(tmp_path / "confiture.yaml")


def test_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=re.escape("confiture.yaml: cannot be read: No such file or directory")
    ):
        load_config(str(tmp_path / "confiture.yaml"))
