"""Everything that can be wrong in a configuration, with its place and a hint."""

import sys
from pathlib import Path

import pytest
import yaml

from confiture_linter.config import load_config
from confiture_linter.model import ConfigError, Problem


def problems(tmp_path: Path, text: str | bytes) -> tuple[Problem, ...]:
    path = tmp_path / "confiture.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load_config(str(path))
    assert all(problem.path == str(path) for problem in caught.value.problems)
    return caught.value.problems


CASES = [
    # unknown keys
    ("schemas: {}", 1, 1, "unknown key schemas", "did you mean 'schema'?"),
    ("lint:\n  slect: []", 2, 3, "unknown key lint.slect", "did you mean 'select'?"),
    ("pggit: {zzz: 1}", 1, 9, "unknown key pggit.zzz", "known keys: enabled, queue"),
    ("layers:\n  - {name: a, readz: []}", 2, 15, "unknown key layers[0].readz", "did you mean 'reads'?"),
    (
        "lint: {per_path: {'db/**': {ignor: []}}}",
        1,
        29,
        'unknown key lint.per_path["db/**"].ignor',
        "did you mean 'ignore'?",
    ),
    ("hooks: {before_dll: []}", 1, 9, "unknown key hooks.before_dll", "did you mean 'before_ddl'?"),
    ("include_dirs: [db]", 1, 1, "unknown key include_dirs", "write schema.roots"),
    (
        "database_url: postgresql://u:secret@h/d",
        1,
        1,
        "unknown key database_url",
        "move it to environments.NAME.database_url, as ${DATABASE_URL}",
    ),
    ("linting: {enabled: true}", 1, 1, "unknown key linting", "write `lint:`"),
    # types
    ("- a\n- b", 1, 1, "expected a mapping, found a list", ""),
    ("just text", 1, 1, "expected a mapping, found text", ""),
    ("schema: {roots: db}", 1, 17, "schema.roots: expected a list, found text", "write [db]"),
    ("schema: {roots: {a: b}}", 1, 17, "schema.roots: expected a list, found a mapping", ""),
    ("schema: {roots: [[a]]}", 1, 18, "schema.roots[0]: expected text, found a list", ""),
    ("schema: {roots: [1]}", 1, 18, "schema.roots[0]: expected text, found a number", 'write "1" in quotes'),
    (
        "schema: {roots: ['']}",
        1,
        18,
        "schema.roots[0]: expected text, found empty text",
        "leave the key out instead",
    ),
    (
        "schema: {search_path: [no]}",
        1,
        24,
        "schema.search_path[0]: expected text, found 'no', which YAML readers take for different things",
        'write "no" in quotes',
    ),
    (
        "tenancy: {column: true}",
        1,
        19,
        "tenancy.column: expected text, found true or false",
        'write "true" in quotes',
    ),
    ("tenancy: {column: }", 1, 19, "tenancy.column: expected text, found nothing", ""),
    ("schema: {placeholders: [a]}", 1, 24, "schema.placeholders: expected a mapping, found a list", ""),
    (
        "schema: {placeholders: {a: }}",
        1,
        28,
        "schema.placeholders.a: expected text, found nothing",
        'write "" for an empty text',
    ),
    ('postgres: "16"', 1, 11, "postgres: expected a whole number, found text", "write 16"),
    ("postgres: 16.2", 1, 11, "postgres: expected a whole number, found a number", "write 16"),
    ("postgres: [16]", 1, 11, "postgres: expected a whole number, found a list", ""),
    ("postgres: 12", 1, 11, "postgres: 12 is not supported", "supported: 13 to 18"),
    ("postgres: 19", 1, 11, "postgres: 19 is not supported", "supported: 13 to 18"),
    (
        "postgres: 99999999999999999999999",
        1,
        11,
        "postgres: 99999999999999999999999 is not supported",
        "supported: 13 to 18",
    ),
    (
        "lint: {custom: [{name: a, kind: table, require: {comment: on}}]}",
        1,
        59,
        "lint.custom[0].require.comment: expected true or false, found 'on', which YAML readers take for different things",
        "write true",
    ),
    (
        "lint: {custom: [{name: a, kind: table, require: {comment: 'false'}}]}",
        1,
        59,
        "lint.custom[0].require.comment: expected true or false, found text",
        "write false",
    ),
    (
        "lint:\n  rules:\n    a: off",
        3,
        8,
        "lint.rules.a: expected a mapping, found 'off', which YAML readers take for different things",
        "write {severity: error}; to switch a rule off, name it in lint.ignore",
    ),
    (
        "lint: {rules: {a: {options: [1]}}}",
        1,
        29,
        "lint.rules.a.options: expected a mapping, found a list",
        "",
    ),
    (
        "lint: {rules: {a: {options: {x: 012}}}}",
        1,
        33,
        "lint.rules.a.options.x: expected a plain value, found '012', which YAML readers take for different things",
        'write "012" in quotes',
    ),
    (
        "hooks:\n  before_ddl:\n    - {type: sql, timeout: 0}",
        3,
        28,
        "hooks.before_ddl[0].timeout: 0 is not supported",
        "supported: 1 to 604800",
    ),
    # closed sets
    (
        "schema: {order: alphabetical}",
        1,
        17,
        "schema.order: 'alphabetical' is not one of path, natural, computed, globs, list:FILE, sqitch:FILE, psql:FILE",
        "",
    ),
    (
        "schema: {order: 'list:'}",
        1,
        17,
        "schema.order: 'list:' is not one of path, natural, computed, globs, list:FILE, sqitch:FILE, psql:FILE",
        "did you mean 'list:FILE'?",
    ),
    (
        "lint: {fail_on: warn}",
        1,
        17,
        "lint.fail_on: 'warn' is not one of error, warning, info",
        "did you mean 'warning'?",
    ),
    ("lint: {fail_on: off}", 1, 17, "lint.fail_on: 'off' is not one of error, warning, info", ""),
    (
        "migrations: {transaction: 5}",
        1,
        27,
        "migrations.transaction: expected file or statement or none, found a number",
        "",
    ),
    ("pggit: {enabled: yes}", 1, 18, "pggit.enabled: 'yes' is not one of auto, true, false", ""),
    (
        "layers: [{name: a, names: {tabel: x}}]",
        1,
        28,
        "layers[0].names.tabel: 'tabel' is not one of table, view, materialized_view, column, function, index, constraint, type, trigger, policy",
        "did you mean 'table'?",
    ),
    (
        "environments: {a: {risk: {locking: huge}}}",
        1,
        36,
        "environments.a.risk.locking: 'huge' is not one of none, low, medium, high",
        "",
    ),
    # texts of a form
    (
        "layers: [{name: a, names: {table: '(w_'}}]",
        1,
        35,
        "layers[0].names.table: not a regular expression: missing ), unterminated subpattern at position 0",
        "Python's syntax",
    ),
    (
        "environments: {a: {lock_timeout: 2 sec}}",
        1,
        34,
        "environments.a.lock_timeout: '2 sec' is not a duration as PostgreSQL writes it",
        "a number and a unit (us, ms, s, min, h, d), such as 2s; 0 switches it off",
    ),
    (
        "environments: {a: {lock_timeout: 2000}}",
        1,
        34,
        "environments.a.lock_timeout: '2000' is not a duration as PostgreSQL writes it",
        "a number and a unit (us, ms, s, min, h, d), such as 2s; 0 switches it off",
    ),
    (
        "environments: {a: {peak_hours: 8-19}}",
        1,
        32,
        "environments.a.peak_hours: '8-19' is not hours of the day",
        'such as "08:00-19:00 Europe/Paris"',
    ),
    (
        "environments: {a: {database_url: 'mysql://u:secret@h/d'}}",
        1,
        34,
        "environments.a.database_url: this is not a reference to an environment variable or a PostgreSQL URL",
        "write ${DATABASE_URL} and set that variable",
    ),
    (
        "environments: {a: {database_url: $DATABASE_URL}}",
        1,
        34,
        "environments.a.database_url: this is not a reference to an environment variable or a PostgreSQL URL",
        "write ${DATABASE_URL} and set that variable",
    ),
    (
        "lint: {plugins: [our-rules]}",
        1,
        18,
        "lint.plugins[0]: 'our-rules' is not the dotted name of a module",
        "such as our_rules.naming",
    ),
    (
        "schema: {external: ['extensions:postgis']}",
        1,
        21,
        "schema.external[0]: 'extensions:postgis' is not an object glob or extension:NAME",
        'such as "crm.*" or "extension:postgis"',
    ),
    # between keys
    ("version: 2\nnew_key: 1", 1, 10, "version '2' is not supported", "write version: 1"),
    ("version: '1.0'", 1, 10, "version '1.0' is not supported", "write version: 1"),
    (
        "layers:\n  - name: a\n  - name: b\n  - name: a",
        4,
        5,
        "layer 'a' is declared twice",
        "first on line 2",
    ),
    (
        "layers:\n  - name: read\n    reads: [read, write]",
        3,
        19,
        "reads: there is no layer 'write'",
        "layers: read",
    ),
    (
        "layers:\n  - name: read\n    writes:\n      - raed",
        4,
        9,
        "writes: there is no layer 'raed'",
        "did you mean 'read'?",
    ),
    ("layers: [{paths: [a]}]", 1, 10, "layers[0]: 'name' is missing", "add `name:`"),
    (
        "lint:\n  custom:\n    - kind: table\n      require: {comment: true}",
        3,
        7,
        "lint.custom[0]: 'name' is missing",
        "add `name:`",
    ),
    (
        "lint:\n  custom:\n    - name: a\n      require: {comment: true}",
        3,
        7,
        "lint.custom[0]: 'kind' is missing",
        "add `kind:`",
    ),
    (
        "lint: {custom: [{name: NoDots, kind: table, require: {comment: true}}]}",
        1,
        24,
        "lint.custom[0].name: 'NoDots' is not a name in kebab-case",
        "lower-case words joined by hyphens, such as money-columns-are-numeric",
    ),
    (
        "lint:\n  custom:\n    - {name: a, kind: table, require: {comment: true}}\n    - {name: a, kind: view, require: {comment: true}}",
        4,
        8,
        "custom rule 'a' is declared twice",
        "first on line 3",
    ),
    (
        "lint:\n  custom:\n    - {name: a, kind: table, match: {name: ^tmp_}}",
        3,
        7,
        "custom rule 'a' neither requires nor forbids anything",
        "add `require:` or `forbid:`, such as forbid: {name: REGEX}",
    ),
    # YAML
    ("postgres: 16\nlint: {}\npostgres: 17", 3, 1, "duplicate key 'postgres'", "first on line 1"),
    ("schema:\n  placeholders: {a: x, 'a': y}", 2, 24, "duplicate key 'a'", "first on line 2"),
    ("schema: {? [a] : b}", 1, 12, "a key must be text", "quote a value that begins with [ or {"),
    ("schema: {'': b}", 1, 10, "empty key", "give it a name"),
    (
        "postgres: !!python/name:os.system 16",
        1,
        11,
        "tag tag:yaml.org,2002:python/name:os.system is not allowed",
        "remove it",
    ),
    ("schema: !x {}", 1, 9, "tag !x is not allowed", "remove it"),
    ("lint: {}\n---\nlint: {}", 2, 1, "more than one YAML document", "remove what begins with `---`"),
    ("schema: &a {x: *a}", 1, 16, "alias *a stands inside what it names", "quote a value that begins with *"),
    ("schema: *crm", 1, 9, "alias *crm names no anchor before it", "quote a value that begins with *"),
    ("schema:\n  <<: [1]", 2, 3, "<< merges mappings only", "write <<: *ANCHOR"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), CASES)
def test_each_error(tmp_path: Path, text: str, line: int, column: int, message: str, hint: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem[1:] == (line, column, message, hint)
    assert "secret" not in str(problem)


SYNTAX = [
    ("lint:\n\tselect: []", 2, 1, "indent with spaces; YAML allows no tabs"),
    ("lint: [a", 2, 1, ""),
    ("schema:\n  external: [*.log]", 2, 14, "a value that begins with * or & needs quotes"),
    ("schema:\n  roots: @x", 2, 10, "a value that begins with @, ` or % needs quotes"),
    ("lint: a: b", 1, 8, "quote a value that contains `: `, and check the indentation"),
]


@pytest.mark.parametrize("binding", [True, False])
@pytest.mark.parametrize(("text", "line", "column", "hint"), SYNTAX)
def test_syntax_errors(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    line: int,
    column: int,
    hint: str,
    binding: bool,
) -> None:
    if not binding:
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    (problem,) = problems(tmp_path, text + "\n")
    assert problem.message.startswith("not valid YAML: ")
    assert problem.line == line
    assert abs(problem.column - column) <= 1  # libyaml and PyYAML place some errors one column apart
    assert problem.hint == hint


def test_without_the_c_binding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = Path(__file__).parent / "data" / "confiture.yaml"
    fast = load_config(str(contract))
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert load_config(str(contract)) == fast


def test_ten_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
postgres: 12
schema: {roots: db, order: best, colour: red}
layers:
  - {name: a, reads: [z], names: {table: '('}}
  - {name: a}
lint:
  fail_on: never
  rules: {x: {severity: fatal}}
  custom:
    - {kind: table}
"""
    found = problems(tmp_path, text)
    assert [problem[1:3] for problem in found] == [
        (1, 11), (2, 17), (2, 28), (2, 34), (4, 23), (4, 42), (5, 6), (7, 12), (8, 25), (10, 7),
    ]  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        load_config(str(tmp_path / "confiture.yaml"))
    assert (
        str(caught.value)
        .splitlines()[0]
        .endswith("confiture.yaml:1:11: postgres: 12 is not supported (supported: 13 to 18)")
    )


def test_a_wrong_layer_is_still_known_to_the_others(tmp_path: Path) -> None:
    text = "layers:\n  - {paths: [x]}\n  - {name: a, reads: [b]}\n  - {name: b, paths: x}\n"
    assert [problem[1:3] for problem in problems(tmp_path, text)] == [(2, 5), (4, 22)]


class TestHostileInput:
    def test_billion_laughs(self, tmp_path: Path) -> None:
        lines = ["a0: &a0 [" + ", ".join(["lol"] * 10) + "]"]
        lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 10)]
        (problem,) = problems(tmp_path, "\n".join(lines))
        assert problem[1:4] == (5, 45, "aliases multiply the file to more than 100,000 values")

    def test_many_aliases(self, tmp_path: Path) -> None:
        (problem,) = problems(tmp_path, "a: &a x\nb: [" + ", ".join(["*a"] * 300) + "]")
        assert problem[1:4] == (2, 5 + 200 * 4, "more than 200 aliases")

    @pytest.mark.parametrize("binding", [True, False])
    def test_depth(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, binding: bool) -> None:
        if not binding:
            monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
        (problem,) = problems(tmp_path, "[" * 900)
        assert problem[1:4] == (1, 33, "nested more than 32 levels deep")

    @pytest.mark.parametrize("binding", [True, False])
    def test_depth_beyond_the_scanner(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, binding: bool
    ) -> None:
        # From some version on libyaml itself refuses 1,000 levels, and with its own place and words.
        if not binding:
            monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
        (problem,) = problems(tmp_path, "[" * 100_000)
        assert problem[1] == 1
        assert problem[2] in (33, 1001)

    def test_depth_by_aliases(self, tmp_path: Path) -> None:
        deep = "[" * 30 + "]" * 30
        (problem,) = problems(tmp_path, f"a: &a {deep}\nb: [[[*a]]]")
        assert problem[1:4] == (2, 7, "nested more than 32 levels deep")

    def test_size(self, tmp_path: Path) -> None:
        (problem,) = problems(tmp_path, "#" * 1_000_001)
        assert problem[1:4] == (0, 0, "is larger than 1,000,000 bytes")

    def test_long_numbers(self, tmp_path: Path) -> None:
        digits = "9" * 5000
        (problem,) = problems(tmp_path, f"lint: {{rules: {{x: {{options: {{n: {digits}}}}}}}}}\npostgres: 1")
        assert problem[1:3] == (2, 11)
        assert sys.get_int_max_str_digits() < 5000

    def test_not_utf8(self, tmp_path: Path) -> None:
        (problem,) = problems(tmp_path, "lint: {}\nschema: é".encode("latin-1"))
        assert problem[1:] == (2, 9, "not UTF-8 text", "save the file as UTF-8")

    def test_utf16(self, tmp_path: Path) -> None:
        (problem,) = problems(tmp_path, "lint: {}".encode("utf-16"))
        assert problem[1:4] == (1, 1, "not UTF-8 text")

    @pytest.mark.parametrize("binding", [True, False])
    def test_control_characters(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, binding: bool) -> None:
        if not binding:
            monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
        (problem,) = problems(tmp_path, "lint: {}\nschema: é\x07")
        assert problem[1:4] == (2, 10, "not valid YAML: character U+0007 is not allowed")


def test_the_same_layer_by_alias(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "layers:\n  - &a {name: a}\n  - *a\n")
    assert problem[3:] == ("layer 'a' is declared twice", "first on line 2")
