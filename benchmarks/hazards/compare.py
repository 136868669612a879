"""Counts hits, misses and false alarms of each linter by family, and prints them.

Peers are taken from PATH, or from a virtual environment: `python3.12 -m venv VENV && VENV/bin/pip install squawk-cli
pgrubic` (pgrubic wants Python 3.12), then `compare --peers VENV`. One that is missing is left out and named.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks.hazards import linters
from benchmarks.hazards.case import Case
from benchmarks.hazards.hazards import FAMILIES, FAMILY, OURS, SQUAWK_STYLE, SQUAWK_TIMEOUTS

RESULTS = Path(__file__).parent / "RESULTS.md"


class Contender(NamedTuple):
    """A linter, the harmful cases it found and the harmless ones it raised an alarm on."""

    name: str
    hits: frozenset[str]
    alarms: frozenset[str]
    said: linters.Findings


def _ours(cases: tuple[Case, ...], *, tree: bool) -> Contender:
    from confiture_linter.version import __version__

    every, alarms = linters.ours(cases, tree=tree)
    hits = [
        case.name
        for case in cases
        if case.harmful and every[case.name] & (OURS[case.hazard] | set(case.expects))
    ]
    false = [case.name for case in cases if not case.harmful and alarms[case.name]]
    name = f"confiture-lint {__version__}" + (", schema as a tree" if tree else "")
    return Contender(name, frozenset(hits), frozenset(false), every)


def _peer(name: str, cases: Iterable[Case], said: linters.Findings) -> Contender:
    hits: set[str] = set()
    alarms: set[str] = set()
    for case in cases:
        found = said[case.name] - SQUAWK_TIMEOUTS
        if case.harmful and FAMILY[case.hazard] == "session settings":
            found = said[case.name]
        if found:
            (hits if case.harmful else alarms).add(case.name)
    return Contender(name, frozenset(hits), frozenset(alarms), said)


def contenders(cases: tuple[Case, ...], peers: Path | None) -> tuple[list[Contender], list[str]]:
    """Everybody who can run here, and who cannot."""
    found, missing = [_ours(cases, tree=False), _ours(cases, tree=True)], []
    if command := linters.program("squawk", peers):
        version = linters.version(command)
        alone = linters.squawk(command, cases, with_given=False)
        behind = linters.squawk(command, cases, with_given=True)
        found.append(_peer(f"squawk {version}", cases, alone))
        found.append(_peer(f"squawk {version}, schema before it", cases, behind))
    else:
        missing.append("squawk")
    if command := linters.program("pgrubic", peers):
        found.append(_peer(f"pgrubic {linters.version(command)}", cases, linters.pgrubic(command, cases)))
    else:
        missing.append("pgrubic")
    return found, missing


def table(cases: tuple[Case, ...], found: list[Contender]) -> list[str]:
    """A Markdown table: for every family and linter hits and false alarms."""
    lines = [
        "| family | harmful | harmless |" + "".join(f" {c.name}: hits | false alarms |" for c in found),
        "|---|---|---|" + "---|---|" * len(found),
    ]
    for family in (*FAMILIES, ""):
        mine = [case for case in cases if not family or FAMILY[case.hazard] == family]
        harmful = {case.name for case in mine if case.harmful}
        harmless = {case.name for case in mine if not case.harmful}
        counts = "".join(f" {len(harmful & c.hits)} | {len(harmless & c.alarms)} |" for c in found)
        lines.append(f"| {family or '**all**'} | {len(harmful)} | {len(harmless)} |{counts}")
    return lines


def names(cases: tuple[Case, ...], one: Contender) -> list[str]:
    """What we miss and where we cry wolf, by name, with what was said instead."""
    lines = []
    for title, chosen in (
        ("misses", [c for c in cases if c.harmful and c.name not in one.hits]),
        ("false alarms", [c for c in cases if c.name in one.alarms]),
    ):
        lines += ["", f"Our {title}: {len(chosen)}", ""]
        for case in chosen:
            instead = ", ".join(sorted(one.said[case.name])) or "nothing"
            lines.append(
                f"* `{case.name}` ({case.hazard}): says {instead}. {case.why[0].upper()}{case.why[1:]}."
            )
    return lines


def _differing(cases: tuple[Case, ...], one: Contender, other: Contender) -> list[str]:
    """Cases that come out worse with the second layout, where a tree may show the change already."""
    worse = [
        c
        for c in cases
        if (c.name in one.hits) > (c.name in other.hits) or (c.name in other.alarms) > (c.name in one.alarms)
    ]
    lines = ["", f"Worse with the schema as a tree: {len(worse)}", ""]
    return lines + [f"* `{c.name}`: says {', '.join(sorted(other.said[c.name])) or 'nothing'}" for c in worse]


def compare(cases: tuple[Case, ...], peers: Path | None, write: bool) -> int:
    """Print, and with `write` keep, the tables."""
    found, missing = contenders(cases, peers)
    manual = sum(any(proof.kind == "manual" for proof in case.proofs) for case in cases)
    lines = [
        "# Harmful and harmless migrations: who tells them apart",
        "",
        f"{sum(c.harmful for c in cases)} harmful and {sum(not c.harmful for c in cases)} harmless cases. Every label is proven on a",
        "server by `python -m benchmarks.hazards prove [--bindir PROGRAMS]`, 18 by the test suite, 15 to 17 with other programs;",
        f"{manual} about 13 and 14 rest on the release notes. Written by `python -m benchmarks.hazards compare --write`.",
        "",
        "* A harmful case is a hit of ours only if a rule that is about its hazard speaks (`hazards.py`); of a peer if",
        "  any rule speaks that is not one of style.",
        "* A harmless case is a false alarm of ours if a rule of the families locking, destructive, compatibility,",
        "  transactions, robustness or types speaks, but for taste in types; of a peer if any rule speaks that is not one of style.",
        f"* Style of squawk: {', '.join(sorted(SQUAWK_STYLE))}. {' and '.join(sorted(SQUAWK_TIMEOUTS))}",
        "  are said of nearly every file and count, as hits, in the family of session settings alone. Opt-in rules are off, for everybody.",
        "* Of pgrubic count the unsafe rules (US) and the few others about hazards; it is given the change alone.",
        "* Squawk is given the change alone, and in a second column the schema before it in a committed transaction; it is told",
        "  the version and whether the file is wrapped. Ours is given the schema as a first migration that was applied, and in a second column as a schema tree.",
        "",
        *table(cases, found),
        *(f"\n{name} is not installed: left out" for name in missing),
        *names(cases, found[0]),
        *_differing(cases, found[0], found[1]),
    ]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0
