"""`--at REF` and `diff`: a git revision is read without touching index, work tree or hooks."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.program import ROOT, Run, environment, lint

SCHEMA = ROOT / "linter/confiture_linter/graph/schema/diff-1.json"
BASE = {
    "confiture.yaml": "version: 1\nschema: {roots: [db]}\n",
    "db/1_order.sql": (
        "CREATE TYPE status AS ENUM ('open', 'done');\n"
        "CREATE TABLE w_order (\n  id int PRIMARY KEY,\n  status status NOT NULL DEFAULT 'open',\n  note text,\n"
        "  total int CHECK (total > 0)\n);\n"
        "CREATE INDEX ix_status ON w_order (status);\n"
    ),
    "db/2_view.sql": (
        "CREATE VIEW v_note AS SELECT id, note FROM w_order;\nCREATE VIEW v_deep AS SELECT note FROM v_note;\n"
        "CREATE VIEW v_total AS SELECT total FROM w_order;\n"
    ),
    "db/3_fn.sql": "CREATE FUNCTION fn_n() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM w_order $$;\n",
    "db/4_old.sql": "CREATE TABLE w_old (id int PRIMARY KEY);\nCREATE VIEW v_old AS SELECT id FROM w_old;\n",
}
AFTER = {
    "db/1_order.sql": (
        "CREATE TYPE status AS ENUM ('open', 'done', 'lost');\n"
        "-- a word\ncreate table W_Order (\n  id integer PRIMARY KEY,\n  status status NOT NULL DEFAULT 'open',\n"
        "  total numeric(12, 2) CHECK (total > 0 AND total < 9),\n  added text NOT NULL DEFAULT lower('X')\n);\n"
        "CREATE INDEX ix_status ON w_order (status, id);\n"
    ),
    "db/2_view.sql": BASE["db/2_view.sql"].replace("SELECT total FROM", "SELECT  total /* of it */ FROM"),
    "db/3_fn.sql": BASE["db/3_fn.sql"].replace("count(*)", "count(*) + 1"),
    "db/4_old.sql": "CREATE VIEW v_old AS SELECT id FROM w_old;\n",
    "db/5_new.sql": "CREATE TABLE w_new (id int PRIMARY KEY);\n",
}


class Repository:
    """A tree, under git or not; caches are beside it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *arguments: str, cwd: Path | None = None) -> Run:
        cache = environment(CONFITURE_CACHE_DIR=f"{self.root}-cache")
        return lint(*arguments, cwd=cwd or self.root, env=cache)

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "-m", "x")
        self.git("tag", f"c{len(self.git('tag').splitlines())}")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.git("init", "-q", "-b", "main")
    made.commit(BASE)
    made.commit(AFTER)
    return made


def diff(repository: Repository, *arguments: str) -> dict[str, Any]:
    done = repository.run("diff", "--format", "json", *arguments)
    assert (done.code, done.err) == (0, "")
    document = dict(json.loads(done.out))
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    return document


def names(document: dict[str, Any], what: str) -> list[str]:
    return [each["id"] for each in document[what]]


def details(document: dict[str, Any], identifier: str) -> list[tuple[str, str | None, str | None]]:
    (found,) = [each for each in document["changed"] if each["id"] == identifier]
    return [(each["aspect"], each["before"], each["after"]) for each in found["details"]]


def impact(document: dict[str, Any], what: str, identifier: str) -> list[tuple[str, str]]:
    (found,) = [each for each in document[what] if each["id"] == identifier]
    return [(each["id"], each["then"]) for each in found["impact"]]


# diff


def test_added_dropped_and_changed(repository: Repository) -> None:
    made = diff(repository, "c0..c1")
    assert (made["version"], made["from"]["reference"], made["to"]["reference"]) == (1, "c0", "c1")
    assert made["from"]["commit"] == repository.git("rev-parse", "c0")
    assert names(made, "added") == ["table:public.w_new"]
    assert names(made, "dropped") == ["table:public.w_old"]
    # v_total is written in another layout: that is no change
    assert names(made, "changed") == ["function:public.fn_n()", "table:public.w_order", "type:public.status"]
    assert details(made, "table:public.w_order") == [
        ("column note", "text", None),
        ("column total", "integer", "numeric(12,2)"),
        ("constraint w_order_total_check", "check (total > 0)", "check (total > 0 and total < 9)"),
        ("index ix_status", "btree (status)", "btree (status, id)"),
        ("column added", None, "text DEFAULT lower('X') NOT NULL"),
    ]
    assert details(made, "type:public.status") == [("labels", "open, done", "open, done, lost")]
    assert details(made, "function:public.fn_n()") == [
        ("body", "select count(*) from w_order", "select count(*) + 1 from w_order")
    ]


def test_who_is_touched(repository: Repository) -> None:
    made = diff(repository, "c0..c1")
    assert impact(made, "dropped", "table:public.w_old") == [("view:public.v_old", "stays")]
    assert sorted(impact(made, "changed", "table:public.w_order")) == [
        ("view:public.v_deep", "stays"),
        ("view:public.v_note", "stays"),
        ("view:public.v_total", "stays"),
    ]
    assert impact(made, "changed", "function:public.fn_n()") == []
    back = diff(repository, "c1..c0")
    assert (names(back, "added"), names(back, "dropped")) == (names(made, "dropped"), names(made, "added"))


def test_diff_as_text(repository: Repository) -> None:
    done = repository.run("diff", "c0..c1")
    assert done.code == 0
    text = done.out
    assert text.startswith("c0..c1: 1 added, 1 dropped, 3 changed\n")
    assert "added    table public.w_new  db/5_new.sql:1\n" in text
    assert (
        "dropped  table public.w_old  db/4_old.sql:1\n    ! refused because of view public.v_old  db/4_old.sql:2\n"
        in text
    )
    assert "    ~ column total: integer → numeric(12,2)\n" in text
    assert "    - column note: text\n" in text


def test_against_the_disk_and_since_the_branch_began(repository: Repository) -> None:
    assert diff(repository, "HEAD")["added"] == []
    (repository.root / "db/6.sql").write_text("CREATE TABLE w_six (id int PRIMARY KEY);\n")
    assert names(diff(repository, "HEAD"), "added") == ["table:public.w_six"]
    assert names(diff(repository, "c0.."), "added") == ["table:public.w_new", "table:public.w_six"]
    assert repository.run("diff", "HEAD..HEAD").out == "HEAD..HEAD: nothing differs\n"
    (repository.root / "db/6.sql").unlink()
    repository.git("checkout", "-q", "-b", "side", "c0")
    repository.commit({"db/7.sql": "CREATE TABLE w_seven (id int PRIMARY KEY);\n"})
    assert names(diff(repository, "main...side"), "added") == ["table:public.w_seven"]
    assert names(diff(repository, "main...side"), "dropped") == []


def test_a_tree_that_moved_is_no_change(repository: Repository) -> None:
    repository.git("mv", "db", "schema")
    repository.commit({"confiture.yaml": "version: 1\nschema: {roots: [schema]}\n"})
    made = diff(repository, "c1..c2")
    assert [made["added"], made["dropped"], made["changed"]] == [[], [], []]


# --at


def test_check_and_graph_at_a_revision(repository: Repository) -> None:
    graph = json.loads(repository.run("graph", "--at", "c0").out)
    assert "table:public.w_old" in [node["id"] for node in graph["nodes"]]
    assert {node["file"] for node in graph["nodes"]} == {name for name in BASE if name.endswith(".sql")}
    now = json.loads(repository.run("check", "--format", "json").out)
    then = json.loads(repository.run("check", "--format", "json", "--at", "c0").out)
    assert "missing-object" in {each["rule"] for each in now["findings"]}
    assert "missing-object" not in {each["rule"] for each in then["findings"]}
    assert all(each["file"].startswith("db/") for each in then["findings"])


def test_it_is_what_a_checkout_would_say(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (repository.root / "db/sub").mkdir()
    (repository.root / "db/sub/keep.sql").write_text("CREATE TABLE not_committed (id int);")
    folder = tmp_path_factory.mktemp("clone")
    subprocess.run(["git", "clone", "-q", str(repository.root), str(folder)], check=True)
    subprocess.run(["git", "checkout", "-q", "c0"], cwd=folder, check=True, capture_output=True)
    for arguments in (
        ("check", "--format", "json"),
        ("graph",),
        ("check", "--format", "sarif"),
        ("check", "db/2_view.sql"),
    ):
        there = Repository(folder).run(*arguments)
        at = repository.run(*arguments, "--at", "c0")
        assert (at.code, at.out, at.err) == (
            there.code,
            there.out.replace(str(folder), str(repository.root)),
            there.err,
        )
    inside = repository.run("graph", "--at", "c0", cwd=repository.root / "db/sub")
    assert "../1_order.sql" in inside.out


def test_nothing_of_the_repository_is_touched(repository: Repository) -> None:
    (repository.root / ".gitattributes").write_text("*.sql filter=evil\n")
    repository.git("config", "filter.evil.smudge", "touch touched; cat")
    hook = repository.root / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch touched\n")
    hook.chmod(0o755)
    (repository.root / "db/1_order.sql").write_text("-- half written")
    before = repository.git("status", "--porcelain"), (repository.root / ".git/index").read_bytes()
    assert repository.run("graph", "--at", "c0").code == 0
    assert (repository.git("status", "--porcelain"), (repository.root / ".git/index").read_bytes()) == before
    assert not (repository.root / "touched").exists()
    assert (repository.root / "db/1_order.sql").read_text() == "-- half written"
    left = Path(tempfile.gettempdir()).glob("confiture-at-*/db/4_old.sql")
    assert list(left) == []


def test_what_was_ignored_or_had_no_configuration(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.git("init", "-q", "-b", "main")
    made.commit({"db/a.sql": "CREATE TABLE tracked (id int);", ".gitignore": "*.sql\n"})
    made.commit(
        {"confiture.yaml": "version: 1\nschema: {roots: [db]}\nlint: {select: [missing-primary-key]}\n"}
    )
    done = made.run("check", "--at", "c0", "--format", "concise")  # c0 has none: that of today holds
    assert (done.code, "missing-primary-key" in done.out) == (1, True)
    other = tmp_path / "other.yaml"
    other.write_text("version: 1\nschema: {roots: [db]}\nlint: {ignore: [all]}\n")
    assert made.run("check", "--at", "c1", "--config", "other.yaml").code == 0


def test_links_stay_in_the_repository(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.sql"
    outside.write_text("CREATE TABLE secret (id int);")
    (repository.root / "db/8_link.sql").symlink_to("../other/linked.sql")
    (repository.root / "db/9_out.sql").symlink_to(outside)
    repository.commit({"other/linked.sql": "CREATE TABLE linked (id int PRIMARY KEY);"})
    found = [node["name"] for node in json.loads(repository.run("graph", "--at", "HEAD").out)["nodes"]]
    assert "linked" in found
    assert "secret" not in found


def test_a_later_check_knows_nothing_of_it(repository: Repository) -> None:
    """The cache is of the files on the disk only."""
    first = repository.run("check", "--format", "json")
    repository.run("check", "--format", "json", "--at", "c0")
    assert repository.run("check", "--format", "json").out == first.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("check", "--at", "nothing"),
            "error: git knows no revision nothing (name a commit, a branch or a tag)",
        ),
        (("check", "--at", "--output=x"), "error: argument --at: expected one argument"),
        (("graph", "--at=-x"), "error: -x is no git revision"),
        (("diff", "nothing..c0"), "error: git knows no revision nothing"),
        (("diff", "x...c0"), "error: git merge-base:"),
        (("check", "--at", "c0", "--fix"), "error: a revision is only read"),
        (("check", "--at", "c0", "--since", "git:c0"), "error: --at reads one revision"),
        (("check", "--at", "c0", "/etc/hosts"), "error: /etc/hosts: outside the git repository"),
        (("check", "--at", "c0", "db/5_new.sql"), "error: db/5_new.sql: no such file or folder"),
        (("diff",), "error: the following arguments are required: REF[..REF]"),
    ],
)
def test_what_cannot_be_done(repository: Repository, arguments: tuple[str, ...], said: str) -> None:
    done = repository.run(*arguments)
    assert done.code == 2
    assert done.err.startswith(said), done.err


def test_outside_a_repository(tmp_path: Path) -> None:
    done = Repository(tmp_path).run("graph", "--at", "HEAD")
    assert (done.code, "not a git repository" in done.err) == (2, True)
