"""What must hold for any tree: same input, same answer, however it is cut into files."""

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confiture_linter.engine.check import check
from confiture_linter.engine.memory import open_texts
from confiture_linter.engine.registry import load_rules
from confiture_linter.engine.selection import select_rules
from confiture_linter.engine.suppress import suppression_comments
from confiture_linter.model import Finding
from confiture_linter.sources.split import element_end, token_end

RULES = load_rules(entry_points=False)
QUICK = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
)

STATEMENTS = (
    "CREATE TABLE w_site (id bigint PRIMARY KEY, name varchar(20), at timestamp);",
    "CREATE TABLE w_order (id bigint PRIMARY KEY, site_id bigint REFERENCES w_site (id), x nope);",
    "CREATE TABLE w_log (at timestamptz, site_id int REFERENCES w_site (id));",
    "CREATE VIEW v_order AS SELECT o.id, s.name, s.missing FROM w_order o JOIN w_site s ON s.id = o.site_id;",
    "CREATE VIEW v_site AS SELECT * FROM w_site;",
    (
        "CREATE FUNCTION fn_order(p bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO w_order (id) VALUES (p); INSERT INTO nowhere VALUES (1); END $$;"
    ),
    "CREATE INDEX i_order ON w_order (site_id);",
    "CREATE INDEX i_order_2 ON w_order (site_id);",
    'CREATE TABLE "Bad Name" (id serial PRIMARY KEY, "select" money, d char(3));',
    "CREATE TYPE mood AS ENUM ('é😀', 'b');",
    "ALTER TABLE w_log ADD COLUMN mood mood;",
    "COMMENT ON TABLE w_site IS 'a site';",
    "GRANT SELECT ON w_site TO PUBLIC;",
    "CREATE TABLE w_site (id bigint PRIMARY KEY);",
    "SELEC 1;",
)
COMPUTED = "schema: {roots: ['.'], order: computed}\nlint: {preset: all}\n"


def lint(files: dict[str, str], config: str = COMPUTED) -> list[Finding]:
    workspace = open_texts(files, config)
    return check(workspace, select_rules(RULES, workspace.config), RULES).findings


def about_objects(findings: Sequence[Finding]) -> set[tuple[str, str, str]]:
    return {(f.rule, f.object, f.message) for f in findings}


subsets = st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=len(STATEMENTS), unique=True)


@given(subsets)
@QUICK
def test_twice_is_the_same(statements: list[str]) -> None:
    files = {f"{n}.sql": text for n, text in enumerate(statements)}
    assert lint(files) == lint(files)


@given(subsets, st.randoms(use_true_random=False))
@QUICK
def test_the_order_in_which_files_are_given_does_not_matter(statements: list[str], random) -> None:
    files = [(f"f{n}.sql", text) for n, text in enumerate(statements)]
    shuffled = list(files)
    random.shuffle(shuffled)
    assert lint(dict(files)) == lint(dict(shuffled))


ORDERED = tuple(s for s in STATEMENTS if s not in (STATEMENTS[13], STATEMENTS[14]))
"""Without the second definition of one table: which of two is the first depends on the files."""


@given(st.lists(st.integers(0, 4), min_size=len(ORDERED), max_size=len(ORDERED)))
@QUICK
def test_names_of_files_do_not_matter_where_the_order_is_computed(places: list[int]) -> None:
    """What is in which file may change where something is found, never what."""
    files: dict[str, str] = {}
    for place, statement in zip(sorted(places), ORDERED, strict=True):
        files[f"f{place}.sql"] = files.get(f"f{place}.sql", "") + statement + "\n"
    whole = lint({"all.sql": "\n".join(ORDERED)})
    assert about_objects(lint(files)) == about_objects(whole)


@given(subsets)
@QUICK
def test_line_ends_and_comments_do_not_matter(statements: list[str]) -> None:
    plain = {f"{n}.sql": text.replace(", ", ",\n") for n, text in enumerate(statements)}
    changed = {
        path: "-- é😀\r\n\r\n" + text.replace("\n", "\r\n") + "\r\n/* end */" for path, text in plain.items()
    }
    first, second = lint(plain), lint(changed)
    assert [f.fingerprint for f in first] == [f.fingerprint for f in second]


@given(subsets)
@QUICK
def test_suppressing_everything_and_taking_it_back(statements: list[str]) -> None:
    files = {f"{n}.sql": text for n, text in enumerate(statements)}
    before = lint(files)
    names = {path: sorted({f.rule for f in before if f.path == path}) for path in files}
    silenced = {
        path: f"-- confiture: ignore-file {', '.join(names[path])} -- why\n{text}" if names[path] else text
        for path, text in files.items()
    }
    fixed = {rule.name for rule in RULES if not rule.suppressible}
    after = lint(silenced)
    assert {f.rule for f in after if f.suppressed is None} <= fixed
    shown = [f for f in after if f.rule not in ("unused-suppression", "unknown-suppression")]
    assert [f.fingerprint for f in shown] == [f.fingerprint for f in before]
    assert lint({path: text.partition(" -- why\n")[2] or text for path, text in silenced.items()}) == before


@given(
    st.binary(max_size=60) | st.text("ab \"'$,;()[]-/*\n\\é", max_size=60).map(str.encode), st.integers(0, 60)
)
@settings(max_examples=300, deadline=None, database=None, derandomize=True)
def test_ends_stay_inside_the_text(data: bytes, at: int) -> None:
    at = min(at, len(data))
    for end in (token_end(data, at), element_end(data, at)):
        assert at <= end <= len(data)


@given(st.text("ab ;'\"$-/*\n\\:,é😀", max_size=80))
@settings(max_examples=200, deadline=None, database=None, derandomize=True)
def test_any_text_can_be_linted(text: str) -> None:
    workspace = open_texts({"a.sql": f"-- confiture: ignore-file keys -- x\n{text}", "b.sql": text})
    active = select_rules(RULES, workspace.config, ["robustness", "keys"])
    for finding in check(workspace, active, RULES).findings:
        source = next(s for s in workspace.sources if s.path == finding.path)
        assert 0 <= finding.span.start <= finding.span.end <= len(source.text)
    for facts, source in zip(workspace.facts, workspace.sources, strict=True):
        for comment in suppression_comments(facts, source.text):
            assert source.text[comment.span.start :].startswith((b"--", b"/*"))
            for name, at in comment.rules:
                assert source.text[at : at + len(name)].decode() == name
