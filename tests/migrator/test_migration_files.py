"""Migration files become values; whatever is wrong with one is said with its place."""

from pathlib import Path

import pytest

from confiture_linter.config import Config, MigrationsConfig
from confiture_linter.model import ConfigError, PluginError
from confiture_migrator.errors import MigrateError
from confiture_migrator.execute.python_file import load_python
from confiture_migrator.hooks import HookPhase
from confiture_migrator.migrations import Migration, find_migrations
from confiture_migrator.migrations.statements import statements_of


def found(folder: Path, files: dict[str, str], order: str = "natural") -> tuple[Migration, ...]:
    for name, text in files.items():
        path = folder / "m" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return find_migrations(Config(root=str(folder), migrations=MigrationsConfig(roots=("m",), order=order)))


def problems(folder: Path, files: dict[str, str], order: str = "natural") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        found(folder, files, order)
    return [str(problem) for problem in caught.value.problems]


def test_forms_and_order(tmp_path: Path) -> None:
    made = found(
        tmp_path,
        {
            "10_ten.py": "class M:\n    def up(self, conn): ...",
            "9_nine.up.sql": "SELECT 9",
            "9_nine.down.sql": "SELECT -9",
            "002_two.sql": "SELECT 2",
            "11_eleven.yaml": "migration: {ddl: SELECT 11}",
            "sub/12_twelve.yml": "migration: {ddl: SELECT 12}",
            ".hidden.sql": "nothing",
            "_template.sql": "nothing",
            "README.md": "nothing",
        },
    )
    assert [(each.version, each.name, each.kind, each.file) for each in made] == [
        ("002", "002_two", "sql", "m/002_two.sql"),
        ("9", "9_nine", "sql", "m/9_nine.up.sql"),
        ("10", "10_ten", "python", "m/10_ten.py"),
        ("11", "11_eleven", "yaml", "m/11_eleven.yaml"),
        ("12", "12_twelve", "yaml", "m/sub/12_twelve.yml"),
    ]
    assert made[1].down is not None
    assert made[1].down.text == "SELECT -9"
    assert made[0].down is None
    assert made[2].up is None  # Python is not read before it runs


@pytest.mark.parametrize(
    ("order", "files", "versions"),
    [
        (
            "flyway",
            {"V2__b.sql": "", "V10_1__c.sql": "", "V1__a.sql": "", "U2__b.sql": ""},
            ["1", "2", "10_1"],
        ),
        (
            "diesel",
            {
                "2020-01-02-000000_b/up.sql": "",
                "2020-01-02-000000_b/down.sql": "",
                "2020-01-01-000000_a/up.sql": "",
            },
            ["20200101000000", "20200102000000"],
        ),
        (
            "prisma",
            {"20200102_b/migration.sql": "", "20200101_a/migration.sql": ""},
            ["20200101", "20200102"],
        ),
        ("list:m/order.txt", {"order.txt": "2_b.sql\n1_a.sql\n", "1_a.sql": "", "2_b.sql": ""}, ["2", "1"]),
    ],
)
def test_versions_of_other_tools(
    tmp_path: Path, order: str, files: dict[str, str], versions: list[str]
) -> None:
    made = found(tmp_path, files, order)
    assert [each.version for each in made] == versions
    assert [each.version for each in made if each.down] == (
        ["2"] if order == "flyway" else ["20200102000000"] if order == "diesel" else []
    )


def test_wrong_names(tmp_path: Path) -> None:
    assert problems(
        tmp_path, {"first.sql": "", "1_a.sql": "", "1_b.yaml": "migration: {}", "2_c.down.sql": ""}
    ) == [
        "m/1_b.yaml: version 1 is taken by m/1_a.sql (give one another version)",
        "m/first.sql: has no version (begin its name with digits, such as 0042_add_tier.sql)",
        "m/2_c.down.sql: takes back a migration that is not there",
    ]


def test_no_roots(tmp_path: Path) -> None:
    with pytest.raises(MigrateError, match=r"migrations\.roots"):
        find_migrations(Config(root=str(tmp_path), migrations=MigrationsConfig(roots=("nowhere",))))
    with pytest.raises(MigrateError, match=r"write `migrations: \{roots:"):
        find_migrations(Config(root=str(tmp_path)))


YAML = """\
# A comment of two
# lines.
migration:
  name: 7_x
  description: what for
  applies_to: [{environment: production}, {environment: staging}]
  transaction: false
  ddl: |

    CREATE TABLE é (
      a int);
    CREATE INDEX i ON é (a);
  hooks:
    cleanup: [{type: sql, config: {sql: SELECT 1}}]
    before_ddl:
      - type: sql
        description: first
        timeout: 5
        retries: 2
        config: {sql: "SELECT 2"}
  rollback:
    ddl: DROP TABLE é;
    hooks: [{type: sql, config: {sql: SELECT 3}}]
"""


def test_yaml(tmp_path: Path) -> None:
    (made,) = found(tmp_path, {"7_x.yaml": YAML})
    assert made.transaction is False
    assert made.environments == ("production", "staging")
    assert made.is_for("staging")
    assert not made.is_for("default")
    assert [(hook.phase, hook.type, hook.timeout, hook.retries, hook.line) for hook in made.hooks] == [
        ("before_ddl", "sql", 5, 2, 16),
        ("cleanup", "sql", 300, 0, 14),
    ]
    assert [hook.phase for hook in made.down_hooks] == ["after_ddl"]
    assert made.up is not None
    assert [(each.line, each.sql.partition(" (")[0]) for each in statements_of(made.up)] == [
        (10, "CREATE TABLE é"),
        (12, "CREATE INDEX i ON é"),
    ]
    assert made.down is not None
    assert [each.line for each in statements_of(made.down)] == [22]


def test_yaml_problems(tmp_path: Path) -> None:
    text = """\
migration:
  name: 7_other
  dll: SELECT 1
  transaction: maybe
  hooks:
    before_dll: []
    after_ddl: [{typ: sql}, {type: sql, timeout: 0}]
"""
    assert problems(tmp_path, {"7_x.yaml": text}) == [
        "m/7_x.yaml:2:3: the name '7_other' is not that of the file, '7_x' (the file's name counts; correct this one)",
        "m/7_x.yaml:3:3: unknown key migration.dll (did you mean 'ddl'?)",
        "m/7_x.yaml:4:16: migration.transaction: expected true or false, found text",
        "m/7_x.yaml:6:5: unknown key migration.hooks.before_dll (did you mean 'before_ddl'?)",
        "m/7_x.yaml:7:17: migration.hooks.after_ddl[0]: 'type' is missing (add `type:`)",
        "m/7_x.yaml:7:18: unknown key migration.hooks.after_ddl[0].typ (did you mean 'type'?)",
        "m/7_x.yaml:7:50: migration.hooks.after_ddl[1].timeout: 0 is not supported (supported: 1 to 604800)",
    ]


def test_yaml_has_one_way_back(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {"7_x.yaml": YAML, "7_x.down.sql": "SELECT 1"})
    assert problem.startswith("m/7_x.yaml: m/7_x.down.sql takes it back, and so would its own `rollback:`")


def python(tmp_path: Path, text: str) -> Migration:
    (made,) = found(tmp_path, {"1_p.py": text})
    return made


def test_python(tmp_path: Path) -> None:
    made = python(
        tmp_path,
        "from confiture_migrator.hooks import HookPhase, HookResult\n"
        "class Mine:\n    timeout = 7\n    retries = 1\n    def execute(self, conn, context): return HookResult(3)\n"
        "class Tier:\n    hooks = {HookPhase.AFTER_DDL: [Mine()], 'cleanup': (Mine(),)}\n"
        "    def up(self, conn): return conn\n    def down(self, conn): return -conn\n",
    )
    loaded = load_python(made)
    assert loaded.up(4) == 4
    assert loaded.down is not None
    assert loaded.down(4) == -4
    assert [(bound.phase, bound.name, bound.timeout, bound.retries) for bound in loaded.hooks] == [
        (HookPhase.AFTER_DDL, "Mine", 7.0, 1),
        (HookPhase.CLEANUP, "Mine", 7.0, 1),
    ]
    assert not list(tmp_path.rglob("__pycache__"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("class A:\n  def up(s, c): ...\nclass B:\n  def up(s, c): ...", "it has 2"),
        (
            "import nothing_of_this_name\nclass A:\n  def up(s, c): ...",
            "ModuleNotFoundError: No module named 'nothing_of_this_name'",
        ),
        (
            "class A:\n  hooks = {'before': []}\n  def up(s, c): ...",
            "'before' is no phase; phases are before_validation",
        ),
        ("class A:\n  hooks = {'cleanup': [1]}\n  def up(s, c): ...", "1 is no hook"),
        ("class A:\n  hooks = []\n  def up(s, c): ...", "must be a mapping"),
        ("raise SystemError('no')\nclass A:\n  def up(s, c): ...", "SystemError: no"),
    ],
)
def test_python_that_is_none(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PluginError, match=r"m/1_p\.py") as caught:
        load_python(python(tmp_path, text))
    assert said in str(caught.value)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m/1_a.sql").write_bytes(b"SELECT 1;\nSELECT '\xff'")
    assert problems(tmp_path, {}) == ["m/1_a.sql:2:1: not UTF-8 text (save the file as UTF-8)"]
