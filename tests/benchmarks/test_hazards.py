"""The labelled hazards: every case is well formed, has a twin, and its label is borne out by the server."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from benchmarks.hazards.case import Case, CaseError, Proof, load, parse
from benchmarks.hazards.compare import Contender, table
from benchmarks.hazards.hazards import FAMILIES, FAMILY
from benchmarks.hazards.linters import ours
from benchmarks.hazards.observe import Bench
from benchmarks.hazards.proof import KINDS, failures

from confiture_migrator.shadow import Shadow

CASES = load()
BY_NAME = {case.name: case for case in CASES}
TEXT = """-- hazard: set-not-null
-- label: harmful
-- twin: other
-- postgres: 13..18
-- runner: file
-- proof: scan t
-- why: it is read
-- given:
CREATE TABLE t (a int);
INSERT INTO t SELECT generate_series(1, 300);
-- change:
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
"""


def test_each_family_has_both_labels() -> None:
    counts = Counter((FAMILY[case.hazard], case.harmful) for case in CASES)
    assert set(counts) == {(family, label) for family in FAMILIES for label in (True, False)}
    assert len(CASES) >= 500


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    twin = BY_NAME[case.twin]
    assert twin.harmful is not case.harmful
    assert 13 <= case.oldest <= case.newest <= 18
    assert not case.why.endswith(".")
    assert {proof.kind for proof in case.proofs} <= set(KINDS)
    # A case of versions that no server at hand has says where its label is from.
    assert case.newest >= 15 or any(proof.kind == "manual" for proof in case.proofs)
    if not case.harmful:
        assert not any(
            proof.kind in ("error", "rewrite", "scan", "then-error", "gone") for proof in case.proofs
        )


def test_a_harmful_case_proves_more_than_that_it_runs() -> None:
    idle = [c.name for c in CASES if c.harmful and {p.kind for p in c.proofs} <= {"runs", "manual"}]
    assert idle == []


def test_twins_differ() -> None:
    changes = Counter((case.given, case.change, case.wrapped, case.newest) for case in CASES)
    assert [given for given, times in changes.items() if times > 1] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("-- label: harmful", "-- label: bad", "label or runner"),
        ("13..18", "13", "postgres"),
        ("-- twin: other\n", "", "no twin"),
        ("-- twin: other", "-- twin: other\n-- twin: third", "twin comes twice"),
        ("-- why", "-- reason", "neither a known key"),
        ("-- change:\nALTER TABLE t ALTER COLUMN a SET NOT NULL;", "-- change:", "no change"),
    ],
)
def test_malformed(old: str, new: str, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        parse("x", TEXT.replace(old, new))


def test_comments_of_a_section_belong_to_it() -> None:
    case = parse("x", TEXT + "-- why: this is a comment of the migration\n")
    assert case.change.endswith("-- why: this is a comment of the migration\n")
    assert case.proofs == (Proof("scan", "t"),)


@pytest.fixture(scope="module")
def bench(shadow: Shadow) -> Iterator[Bench]:
    made = Bench(shadow)
    yield made
    made.close()


@pytest.mark.pg
@pytest.mark.slow
def test_every_label_is_proven(shadow: Shadow, bench: Bench) -> None:
    major = int(shadow.server_version.split(".")[0])
    mine = [case for case in CASES if case.holds_for(major)]
    assert len(mine) > 0.9 * len(CASES)
    wrong = {case.name: found for case in mine if (found := failures(case, bench.run(case)))}
    assert wrong == {}


PROVEN = ["scan t", "lock t ACCESS EXCLUSIVE", "scan-blocks-writes t", "no-rewrite t", "runs", "no-warning 25001",
          "no-work-under-lock t", "lock-timeout t 0", "kept EXISTS (SELECT FROM t)",
          "after (SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a')"]  # fmt: skip
DISPROVEN = ["no-scan t", "lock t SHARE", "lock t none", "scan-lets-writes t", "rewrite t", "error 23502",
             "warning 25001", "work-under-lock t", "lock-timeout t 2s", "gone EXISTS (SELECT FROM t)", "then-runs",
             "after NOT EXISTS (SELECT FROM t)", "no such kind"]  # fmt: skip


@pytest.mark.pg
def test_claims_are_told_apart(bench: Bench) -> None:
    claims = "\n".join(f"-- proof: {claim}" for claim in PROVEN + DISPROVEN)
    case = parse("x", TEXT.replace("-- proof: scan t", claims))
    found = failures(case, bench.run(case))
    assert len(found) == len(DISPROVEN)
    for claim, failure in zip(DISPROVEN, found, strict=True):
        assert re.split("[: ]", claim)[0] in failure


@pytest.mark.pg
@pytest.mark.parametrize(
    ("claim", "then", "holds"),
    [
        ("then-error 23502", "INSERT INTO t VALUES (NULL);", True),
        ("then-error 23502", "INSERT INTO t VALUES (1);", False),
        ("then-error 42P01", "SELECT FROM missing;", False),  # it fails without the change too
        ("queue-blocks-reads t", "SELECT 1;", True),
        ("queue-lets-writes t", "SELECT 1;", False),
    ],
)
def test_others_notice(bench: Bench, claim: str, then: str, holds: bool) -> None:
    case = parse("x", TEXT.replace("scan t", claim) + f"-- then:\n{then}\n")
    assert (failures(case, bench.run(case)) == []) is holds


@pytest.mark.pg
def test_a_setting_that_fails_proves_nothing(bench: Bench) -> None:
    case = parse("x", TEXT.replace("CREATE TABLE t", "CREATE TABLE nope.t").replace("scan t", "error 3F000"))
    assert failures(case, bench.run(case)) != []
    again = parse("x", TEXT)
    assert failures(again, bench.run(again)) == []


def test_our_findings_are_of_the_change_alone() -> None:
    cases = [BY_NAME["set-not-null"], BY_NAME["set-not-null-proven"]]
    for tree in (False, True):
        every, alarms = ours(cases, tree=tree)
        assert "set-not-null" in every["set-not-null"]
        assert "set-not-null" not in every["set-not-null-proven"]
        assert alarms["set-not-null-proven"] == frozenset()


def test_table_counts_by_family() -> None:
    cases = (BY_NAME["set-not-null"], BY_NAME["set-not-null-proven"], BY_NAME["drop-table"])
    one = Contender("one", frozenset(("set-not-null",)), frozenset(("set-not-null-proven",)), {})
    lines = table(cases, [one])
    assert "| blocking scans | 1 | 1 | 1 | 1 |" in lines
    assert "| destructive | 1 | 0 | 0 | 0 |" in lines
    assert lines[-1] == "| **all** | 2 | 1 | 1 | 1 |"
