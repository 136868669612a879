"""Everything that is not a good schema: an exit code, a message with a place, and the rest of the tree reported.

Every tree holds `good.sql` with one known error: what is wrong elsewhere must not hide it.
"""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.program import EXAMPLES, GOOD, MARK, Run, environment, lint, write


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write(tmp_path, {"good.sql": GOOD})


def check(tree: Path, *arguments: str, timeout: float = 60) -> Run:
    return lint("check", "--format", "concise", *arguments, cwd=tree, timeout=timeout)


def still_reported(tree: Path, *arguments: str, timeout: float = 60) -> Run:
    run = check(tree, *arguments, timeout=timeout)
    assert run.code == 1, run
    assert MARK in run.out, run.out
    return run


# Not SQL, or not PostgreSQL -------------------------------------------------------------------------------

PYTHON = "import os\n\n\ndef main():\n    print(\"it's\")\n\n\nif __name__ == '__main__':\n    main()\n"
MYSQL = (
    "CREATE TABLE `a` (`id` int(11) NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;\n"
    "CREATE TABLE `b` (`id` int(11) NOT NULL, KEY `k` (`id`)) ENGINE=InnoDB DEFAULT CHARSET=utf8;\n"
)
SQL_SERVER = "CREATE TABLE [dbo].[Users] ([Id] INT IDENTITY(1,1) NOT NULL, Name NVARCHAR(50));\nGO\n"
ORACLE = (
    "CREATE TABLE emp (id NUMBER(10) NOT NULL, name VARCHAR2(50 CHAR) NOT NULL);\n/\n"
    "CREATE OR REPLACE PROCEDURE p IS BEGIN DBMS_OUTPUT.PUT_LINE('x'); END;\n/\n"
    "INSERT INTO emp SELECT 1, SYSDATE FROM dual;\n"
)
SQLITE = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);\nPRAGMA foreign_keys = ON;\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [(MYSQL, "MySQL"), (SQL_SERVER, "SQL Server"), (ORACLE, "Oracle"), (SQLITE, "SQLite")],
    ids=["mysql", "sql server", "oracle", "sqlite"],
)
def test_another_dialect_is_named_once(tree: Path, text: str, name: str) -> None:
    write(tree, {"other.sql": text})
    run = still_reported(tree)
    errors = [line for line in run.out.splitlines() if " syntax-error " in line]
    assert len(errors) == 1, run.out
    assert errors[0].startswith("other.sql:")
    assert f"the file looks like {name}, not PostgreSQL" in errors[0]


def test_a_picture(tree: Path) -> None:
    write(tree, {"picture.sql": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\6\0\0\0\\r\xa8f" * 50})
    assert "picture.sql:1:1: error file-encoding is not text" in still_reported(tree).out


def test_a_python_file(tree: Path) -> None:
    write(tree, {"program.sql": PYTHON})
    assert 'program.sql:1:8: error syntax-error syntax error at or near "os"' in still_reported(tree).out


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16(tree: Path, codec: str) -> None:
    write(tree, {"wide.sql": "CREATE TABLE é (id bigint);\n".encode(codec)})
    assert "wide.sql:1:1: error file-encoding is UTF-16" in still_reported(tree).out


def test_bytes_that_are_not_utf8_and_nul(tree: Path) -> None:
    write(
        tree,
        {
            "latin.sql": b"CREATE TABLE a (id bigint PRIMARY KEY, n text DEFAULT 'caf\xe9', y nope1);",
            "nul.sql": b"CREATE TABLE b (id bigint PRIMARY KEY);\0CREATE TABLE c (id nope2 PRIMARY KEY);",
        },
    )
    out = still_reported(tree).out
    assert "latin.sql:1:59: error file-encoding byte 0xE9 is not UTF-8" in out
    assert "type nope1 does not exist" in out
    assert "nul.sql:1:40: error file-encoding NUL byte" in out
    assert "type nope2 does not exist" in out


def test_bom_and_crlf_are_no_finding(tree: Path) -> None:
    write(
        tree,
        {"windows.sql": b"\xef\xbb\xbf-- hello\r\nCREATE TABLE w (id bigint PRIMARY KEY,\r\n\tx nope);\r\n"},
    )
    run = still_reported(tree)
    assert "windows.sql:3:4: error missing-object type nope does not exist" in run.out
    assert run.out.count("windows.sql") == 1


def test_nothing_in_the_files(tree: Path) -> None:
    write(tree, {"a.sql": "", "b.sql": " \r\n\t\n", "c.sql": "-- only\n/* comments */", "d.sql": ";;;"})
    assert "in 5 files" in still_reported(tree).out


def test_nothing_at_all(tmp_path: Path) -> None:
    run = lint("check", cwd=tmp_path)
    assert (run.code, run.out) == (0, "Nothing to check: no files.\n")
    assert lint("check", "--format", "json", cwd=tmp_path).json["findings"] == []


# Size and depth -------------------------------------------------------------------------------------------


def nested(before: str, inside: str, after: str, times: int) -> str:
    return "SELECT " + before * times + inside + after * times + ";"


DEEP = {
    "concatenation": "SELECT " + "||".join(["'a'"] * 5000) + ";",
    "parentheses": nested("(", "1", ")", 5000),
    "case": nested("CASE WHEN true THEN ", "1", " END", 5000),
    "shallower case": nested("CASE WHEN true THEN ", "1", " END", 400),
    "calls": nested("abs(", "1", ")", 5000),
    "and": "CREATE VIEW v AS SELECT 1 AS a WHERE " + " AND ".join(f"{i} = 1" for i in range(3000)) + ";",
    "sub-selects": "CREATE VIEW v AS " + "SELECT * FROM (" * 500 + "SELECT 1 AS a" + ") q" * 500 + ";",
    "deeper sub-selects": "SELECT * FROM (" * 3000 + "SELECT 1 AS a" + ") q" * 3000 + ";",
    "unions": "CREATE VIEW v AS " + " UNION ALL ".join(["SELECT 1 AS a"] * 3000) + ";",
    "not": "SELECT " + "NOT " * 3000 + "true;",
    "casts": "SELECT 1" + "::int" * 3000 + ";",
    "dots": "SELECT " + ".".join(["a"] * 3000) + ";",
    "plpgsql": "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
    + "IF true THEN " * 2000
    + "NULL;"
    + " END IF;" * 2000
    + " RETURN 1; END $$;",
    "plpgsql expression": "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN "
    + "||".join(["'a'"] * 5000)
    + "; END $$;",
    "views on views": "CREATE VIEW v0 AS SELECT 1 AS a;\n"
    + "".join(f"CREATE VIEW v{i} AS SELECT * FROM v{i - 1};\n" for i in range(1, 2000)),
    "inheritance": "CREATE TABLE t0 (a int PRIMARY KEY);\n"
    + "".join(f"CREATE TABLE t{i} () INHERITS (t{i - 1});\n" for i in range(1, 2000)),
    "domains": "CREATE DOMAIN d0 AS int;\n"
    + "".join(f"CREATE DOMAIN d{i} AS d{i - 1};\n" for i in range(1, 2000)),
    "columns": "CREATE TABLE w (id bigint PRIMARY KEY,\n"
    + ",\n".join(f"c{i} int" for i in range(10000))
    + ");",
    "statements": "".join(f"INSERT INTO ok (id) VALUES ({i});\n" for i in range(100_000)),
}
TOO_DEEP = ("case", "calls", "deeper sub-selects")
"""PostgreSQL's own parser gives up on these: said, not passed over."""


@pytest.mark.parametrize("name", DEEP)
def test_deep_and_wide(tree: Path, name: str) -> None:
    write(tree, {"deep.sql": f"{DEEP[name]}\nCREATE TABLE after_it (id bigint PRIMARY KEY, x nope);\n"})
    out = still_reported(tree, "--no-cache", timeout=40).out
    assert "error missing-object type nope does not exist" in out
    assert ("1 place could not be analysed" in out) == (name in TOO_DEEP)


def insert_values(rows: int) -> str:
    """One statement of about 200 bytes a row."""
    return "INSERT INTO ok VALUES " + ",".join(f"({i}, '{'x' * 190}')" for i in range(rows)) + ";\n"


def rows_of_copy() -> str:
    data = "12345\tabcdefghijklmnopqrstuvwxyz; ' -- /* $$ abcd\n" * 1_000_000
    return f"COPY ok (id, x) FROM stdin;\n{data}\\.\n"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["inserts", "one insert", "copy"])
def test_fifty_megabytes(tree: Path, kind: str) -> None:
    if kind == "inserts":
        text = insert_values(1000) * 250
    elif kind == "one insert":
        text = insert_values(250_000)
    else:
        text = rows_of_copy()
    write(tree, {"dump.sql": text + "CREATE TABLE after_it (id bigint PRIMARY KEY, x nope);\n"})
    assert (tree / "dump.sql").stat().st_size > 45_000_000
    began = time.monotonic()
    out = still_reported(tree, "--no-cache", timeout=60).out
    assert "error missing-object type nope does not exist" in out
    assert time.monotonic() - began < 45
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_000_000, "more than 1 GB"


def test_more_than_is_read(tree: Path) -> None:
    with (tree / "huge.sql").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    run = check(tree)
    assert MARK in run.out
    assert "is larger than 64 MB and was not read" in run.out
    assert run.code != 0


def test_deep_folders(tree: Path) -> None:
    deep = "d/" * 200
    write(tree, {f"{deep}x.sql": "CREATE TABLE deep (id nope PRIMARY KEY);"})
    assert f"{deep}x.sql:1:23: error missing-object type nope" in still_reported(tree).out


# Files that are no files ----------------------------------------------------------------------------------


def without_privileges() -> None:
    """Root reads everything; take away the two capabilities that allow it."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def unprivileged(tree: Path, *arguments: str) -> Run:
    if os.getuid() == 0 and sys.platform != "linux":
        pytest.skip("root reads everything")
    before = without_privileges if os.getuid() == 0 else None
    return lint("check", "--format", "concise", *arguments, cwd=tree, before=before)


def is_unreadable(run: Run, path: str, why: str) -> None:
    """Unreadable input is exit code 2 whatever else there is, and hides nothing."""
    assert run.code == 2, run
    assert f"error: {path}: cannot be read: {why}" in run.err
    assert MARK in run.out


def test_a_file_without_permission(tree: Path) -> None:
    write(tree, {"secret.sql": "SELECT 1;"})
    (tree / "secret.sql").chmod(0)
    is_unreadable(unprivileged(tree), "secret.sql", "Permission denied")
    assert unprivileged(tree, "--exit-zero").code == 2
    assert unprivileged(tree, "--select", "naming").code == 2


def test_a_folder_without_permission(tree: Path) -> None:
    write(tree, {"secret/a.sql": "SELECT 1;"})
    (tree / "secret").chmod(0)
    try:
        is_unreadable(unprivileged(tree), "secret", "Permission denied")
    finally:
        (tree / "secret").chmod(0o700)


def test_a_dangling_link(tree: Path) -> None:
    (tree / "link.sql").symlink_to("nowhere.sql")
    is_unreadable(check(tree), "link.sql", "No such file or directory")


def test_a_folder_called_sql(tree: Path) -> None:
    write(tree, {"folder.sql/inner.sql": "CREATE TABLE inner_one (id nope PRIMARY KEY);"})
    assert "folder.sql/inner.sql:1:28: error missing-object" in still_reported(tree).out


def test_a_pipe_does_not_hang(tree: Path) -> None:
    os.mkfifo(tree / "pipe.sql")
    still_reported(tree, timeout=10)


@pytest.mark.parametrize("link", [False, True])
def test_a_pipe_that_is_named_does_not_hang(tree: Path, link: bool) -> None:
    os.mkfifo(tree / "pipe")
    (tree / "linked.sql").symlink_to("pipe")
    run = check(tree, *(() if link else ("good.sql", "pipe")), timeout=2)
    is_unreadable(run, "linked.sql" if link else "pipe", "not a regular file")


def test_links_in_a_circle(tree: Path) -> None:
    (tree / "loop").symlink_to(".")
    write(tree, {"sub/a.sql": "CREATE TABLE a (id nope PRIMARY KEY);"})
    (tree / "sub" / "up").symlink_to("..")
    run = still_reported(tree)
    assert "in 2 files" in run.out


def test_a_link_to_itself(tree: Path) -> None:
    (tree / "self.sql").symlink_to("self.sql")
    is_unreadable(check(tree), "self.sql", "Too many levels of symbolic links")


def test_strange_names(tree: Path) -> None:
    names = [
        b"with space.sql",
        b"new\nline.sql",
        b"caf\xe9.sql",
        b"%25,:;'\".sql",
        b"-dash.sql",
        "é😀.sql".encode(),
    ]
    for number, name in enumerate(names):
        (tree / os.fsdecode(name)).write_text(f"CREATE TABLE n{number} (id nope{number} PRIMARY KEY);")
    out = still_reported(tree).out
    for number in range(len(names)):
        assert f"type nope{number} does not exist" in out
    assert len(out.splitlines()) == len(names) + 2
    for format in ("text", "json", "lsp", "sarif", "github", "gitlab"):
        assert lint("check", "--format", format, cwd=tree).code == 1
    run = lint(
        "check", "--format", "concise", b"./caf\xe9.sql", "with space.sql", "--", "-dash.sql", cwd=tree
    )
    assert (run.code, run.out.count("missing-object")) == (1, 3)


# Paths ----------------------------------------------------------------------------------------------------


def test_a_path_that_does_not_exist(tree: Path) -> None:
    run = check(tree, "god.sql")
    assert (run.code, run.out) == (2, "")
    assert run.err == "error: god.sql: no such file or folder (did you mean good.sql?)\n"


def test_a_path_that_does_not_exist_below_a_configured_tree(tree: Path) -> None:
    write(tree, {"confiture.yaml": "schema: {roots: [.]}\n"})
    run = check(tree, "god.sql", "good.sql")
    assert run.code == 2
    assert "god.sql: no such file or folder" in run.err


def test_a_path_outside_the_tree(tree: Path) -> None:
    write(
        tree,
        {
            "confiture.yaml": "schema: {roots: [db]}\n",
            "db/a.sql": GOOD,
            "other/b.sql": "SELECT 1;",
            "c.txt": "",
        },
    )
    for path in ("other/b.sql", "other", "/etc", "c.txt"):
        run = check(tree, path)
        assert run.code == 2, path
        assert run.err.startswith(f"error: {path}: "), run.err
    assert check(tree, ".").code == 1
    assert check(tree, "db").code == 1


def test_a_path_outside_the_working_directory_without_configuration(tree: Path) -> None:
    (tree / "inside").mkdir()
    run = lint("check", "--format", "concise", "..", cwd=tree / "inside")
    assert (run.code, run.out.partition(":")[0]) == (1, "../good.sql")


# Contradictions -------------------------------------------------------------------------------------------


def test_two_files_that_define_one_object(tree: Path) -> None:
    write(
        tree,
        {
            "a.sql": "CREATE TABLE t (id bigint PRIMARY KEY);",
            "b.sql": "CREATE TABLE t (id bigint PRIMARY KEY);",
        },
    )
    assert "error duplicate-object table public.t is created twice" in still_reported(tree).out


def test_cycles(tree: Path) -> None:
    write(tree, {"a.sql": "CREATE VIEW a AS SELECT * FROM b;", "b.sql": "CREATE VIEW b AS SELECT * FROM a;"})
    assert "error dependency-cycle" in still_reported(tree).out


# Configuration --------------------------------------------------------------------------------------------

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

CONFIGURATIONS = {
    "broken": ("schema: [unclosed\n", ":2:1: not valid YAML"),
    "tab": ("schema:\n\troots: [db]\n", ":2:1: not valid YAML"),
    "bomb": (BOMB, "aliases multiply the file"),
    "recursive": ("lint: &a {select: [*a]}\n", ":1:20: alias *a stands inside what it names"),
    "a list": ("- a\n", ":1:1: expected a mapping, found a list"),
    "wrong type": ("schema: {roots: {}}\n", ":1:17: schema.roots"),
    "wrong number": ("postgres: many\n", ":1:11: postgres"),
    "unknown key": ("lint:\n  slect: []\n", ":2:3: unknown key lint.slect (did you mean 'select'?)"),
    "unknown rule": (
        "lint: {select: [naming, nmaing]}\n",
        ":1:25: no rule or family is called nmaing (did you mean naming?)",
    ),
    "unknown option": (
        "lint: {rules: {identifier-too-long: {options: {lenght: 1}}}}\n",
        ":1:48: rule identifier-too-long has no option lenght",
    ),
    "wrong severity": ("lint: {rules: {syntax-error: {severity: fatal}}}\n", ":1:41: "),
    "code": ("!!python/object/apply:os.system [touch pwned]\n", ":1:1: tag tag:yaml.org"),
    "future": ("version: 99\n", ":1:10: version '99' is not supported"),
    "pattern": ('lint: {custom: [{name: x, kind: table, match: {name: "("}}]}\n', "not a regular expression"),
    "not text": (b"\xff\xfe\0", ":1:1: not UTF-8 text"),
    "no root": ("schema: {roots: [nowhere]}\n", "nowhere: no such file or folder"),
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_bad_configuration(tree: Path, name: str) -> None:
    text, message = CONFIGURATIONS[name]
    write(tree, {"confiture.yaml": text})
    run = check(tree, timeout=10)
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert not (tree / "pwned").exists()
    if name != "no root":
        assert f"{tree}/confiture.yaml:" in run.err


def test_all_mistakes_of_a_configuration_at_once(tree: Path) -> None:
    write(tree, {"confiture.yaml": "schma: {}\nlint:\n  selct: []\n  fail_on: never\n"})
    run = check(tree)
    assert [line.split(":")[2] for line in run.err.splitlines()] == ["1", "3", "4"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}\n", "version: 1\n"])
def test_an_empty_configuration_is_the_default_one(tree: Path, text: str) -> None:
    write(tree, {"confiture.yaml": text})
    still_reported(tree)


def test_a_folder_called_confiture_yaml(tree: Path) -> None:
    (tree / "confiture.yaml").mkdir()
    still_reported(tree)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--frob"], "unrecognized arguments: --frob"),
        (["check", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["check", "--postgres", "12"], "--postgres must be 13 to 18"),
        (["check", "--postgres", "x"], "argument --postgres: invalid int value: 'x'"),
        (["check", "--select", "nope"], "no rule or family is called nope"),
        (["check", "--ignore", "namin"], "no rule or family is called namin (did you mean naming?)"),
        (["check", "--fail-on", "never"], "argument --fail-on: invalid choice"),
        (["check", "--config", "none.yaml"], "none.yaml: cannot be read: No such file or directory"),
        (["check", "--baseline", "good.sql"], "good.sql:1:1: the baseline is not JSON"),
        (["check", "--baseline", "none.json"], "none.json: no such file"),
        (["check", "--output", "no/such/folder"], "no/such/folder: No such file or directory"),
        (["check", "--output", "."], ".: Is a directory"),
        (
            ["check", "--since", "main"],
            "--since main: there are no migrations (write git:REF for a revision)",
        ),
        (["check", "--since", "git:--output=x"], "write git:REF"),
        (["check", "--since", "git:none"], "git merge-base: "),
        (["frobnicate"], "frobnicate: no such file or folder"),
        ([""], "no such file or folder"),
        (["explain"], "give either a rule or --plan FILE:LINE"),
        (
            ["explain", "missing-primary-kye"],
            "no rule is called missing-primary-kye (did you mean missing-primary-key?)",
        ),
        (["rules", "nope"], "there is no family nope"),
        (["config"], "the following arguments are required: action"),
        (["config", "shw"], "argument action: invalid choice: 'shw'"),
        (["baseline"], "the following arguments are required: action (see"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage(tree: Path, arguments: list[str], message: str) -> None:
    run = lint(*arguments, cwd=tree, env=environment(GIT_CEILING_DIRECTORIES=str(tree.parent)))
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert len(run.err.splitlines()) == 1


# Surroundings ---------------------------------------------------------------------------------------------


def test_a_working_directory_and_a_home_that_cannot_be_written(tree: Path) -> None:
    tree.chmod(0o555)
    try:
        env = environment(HOME=str(tree), CONFITURE_CACHE_DIR=None, XDG_CACHE_HOME=None)
        before = without_privileges if os.getuid() == 0 else None
        run = lint("check", "--format", "concise", cwd=tree, env=env, before=before)
        assert MARK in run.out
        assert run.err == ""
    finally:
        tree.chmod(0o755)


@pytest.mark.parametrize("place", ["/proc/none", "/dev/null", "/dev/null/x", "good.sql", ""])
def test_a_cache_directory_that_is_none(tree: Path, place: str) -> None:
    run = lint("check", "--format", "concise", cwd=tree, env=environment(CONFITURE_CACHE_DIR=place))
    assert MARK in run.out
    assert run.err == ""
    assert (tree / "good.sql").read_text() == GOOD


def test_a_corrupt_cache(tree: Path) -> None:
    write(tree, {"confiture.yaml": "lint: {ignore: [naming]}\n"})
    env = environment(CONFITURE_CACHE_DIR=str(tree / "cache"))
    first = lint("check", "--format", "json", cwd=tree, env=env)
    entries = [path for path in (tree / "cache").rglob("*") if path.is_file()]
    assert entries
    for damage in (b"", b"\x80\x05garbage", None):
        for entry in entries:
            data = entry.read_bytes()
            entry.write_bytes(
                data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
                if damage is None and data
                else damage or b""
            )
        assert lint("check", "--format", "json", cwd=tree, env=env) == first


def test_without_a_home(tree: Path) -> None:
    env = environment(HOME=None, CONFITURE_CACHE_DIR=None, XDG_CACHE_HOME=None)
    assert MARK in lint("check", "--format", "concise", cwd=tree, env=env).out


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_plain_terminal(tree: Path, format: str) -> None:
    write(tree, {"é.sql": "CREATE TABLE é (id bigint PRIMARY KEY, x nöpe);"})
    env = environment(LC_ALL="C", LANG="C", TERM="dumb", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    run = lint("check", "--format", format, cwd=tree, env=env)
    assert run.code == 1
    assert run.out.isascii()
    assert "\x1b" not in run.out


def pipeline(tree: Path, command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    env = environment(
        LINT=f"{sys.executable} -m confiture_linter", CONFITURE_CACHE_DIR=str(tree / "c"), **changes
    )
    done = subprocess.run(
        ["bash", "-c", command], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "internal error" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return done


def test_nobody_reads_to_the_end(tree: Path) -> None:
    write(tree, {f"{i}.sql": GOOD * 300 for i in range(9)})
    done = pipeline(tree, "$LINT check | head -1")
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


def test_output_that_is_closed(tree: Path) -> None:
    assert pipeline(tree, "$LINT check >&-").returncode == 1
    assert pipeline(tree, "$LINT check 2>&- >/dev/null").returncode == 1
    assert pipeline(tree, "$LINT check --nope 2>&-").returncode == 2
    assert pipeline(tree, "$LINT check <&- >/dev/null").returncode == 1
    done = pipeline(tree, "$LINT check --stdin-filename x.sql <&-")
    assert (done.returncode, done.stderr.count("error: ")) == (2, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk(tree: Path) -> None:
    for command in ("$LINT check >/dev/full", "$LINT rules >/dev/full", "$LINT check --output /dev/full"):
        done = pipeline(tree, command)
        assert done.returncode == 2, command
        assert "No space left on device" in done.stderr


def test_interrupted(tree: Path) -> None:
    """Ctrl-C while it waits: standard input stays open, so it cannot have finished."""
    process = subprocess.Popen(
        [sys.executable, "-m", "confiture_linter", "check", "--no-cache", "--stdin-filename", "good.sql"],
        cwd=tree,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    time.sleep(2)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes of the group
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (2, b"", b"interrupted\n")


def test_two_runs_at_once(tree: Path) -> None:
    env = environment(CONFITURE_CACHE_DIR=str(tree / "cache"))
    command = [sys.executable, "-m", "confiture_linter", "check", "--format", "json"]
    runs = [
        subprocess.Popen(
            command,
            cwd=EXAMPLES / "printoptim-broken",
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    answers = {run.communicate() for run in runs}
    assert len(answers) == 1
    assert {run.returncode for run in runs} == {1}
    assert answers.pop()[1] == b""
