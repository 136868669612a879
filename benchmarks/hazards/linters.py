"""Runs the linters on a case each their own way, and gives the names of what they find."""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.hazards.case import Case
from benchmarks.hazards.hazards import (
    OUR_FAMILIES,
    OUR_STYLE,
    PGRUBIC_HAZARDS,
    SQUAWK_STYLE,
)

Findings = Mapping[str, frozenset[str]]
"""By case, the names of the rules that found something in the change."""

TREE = """\
version: 1
postgres: {version}
schema:
  roots: [schema]
migrations:
  roots: [migrations]
  transaction: {transaction}
"""
HISTORY = """\
version: 1
postgres: {version}
migrations:
  roots: [migrations]
  transaction: {transaction}
  since: "0001"
"""


def ours(cases: Iterable[Case], *, tree: bool) -> tuple[Findings, Findings]:
    """Lint each case as a project: what exists is an earlier migration or, with `tree`, the schema tree.

    The first of the two holds every finding, the second those that are false alarms on a harmless case.
    """
    from confiture_linter.cli.main import main

    every: dict[str, frozenset[str]] = {}
    alarms: dict[str, frozenset[str]] = {}
    origin = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="hazards-") as folder:
        for case in cases:
            root = Path(folder) / case.name
            _project(root, case, tree)
            os.chdir(root)
            output = io.StringIO()
            try:
                with contextlib.redirect_stdout(output):
                    main(["check", "--format", "json", "--no-cache"])
            finally:
                os.chdir(origin)
            found = json.loads(output.getvalue())["findings"]
            found = [f for f in found if f["file"] == CHANGE and not f["rule"].startswith(OUR_STYLE)]
            every[case.name] = frozenset(f["rule"] for f in found)
            alarms[case.name] = frozenset(f["rule"] for f in found if f["family"] in OUR_FAMILIES)
    return every, alarms


CHANGE = "migrations/0002_change.sql"


def _project(root: Path, case: Case, tree: bool) -> None:
    (root / "schema").mkdir(parents=True)
    (root / "migrations").mkdir()
    given = root / ("schema/given.sql" if tree else "migrations/0001_given.sql")
    given.write_text(case.given, encoding="utf-8")
    (root / CHANGE).write_text(case.change, encoding="utf-8")
    text = TREE if tree else HISTORY
    text = text.format(version=case.newest, transaction="file" if case.wrapped else "none")
    (root / "confiture.yaml").write_text(text, encoding="utf-8")


def program(name: str, peers: Path | None) -> str | None:
    """Where a peer is, of the virtual environment or of PATH."""
    path = peers / "bin" / name if peers else None
    return str(path) if path is not None and path.exists() else shutil.which(name)


def version(command: str) -> str:
    """What a peer says it is."""
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else said.strip()


def squawk(command: str, cases: Iterable[Case], *, with_given: bool) -> Findings:
    """Squawk on the change alone, or behind what exists, in a transaction of its own that has been committed."""
    groups: dict[tuple[bool, int], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.wrapped, case.newest].append(case)
    found: dict[str, frozenset[str]] = {}
    with tempfile.TemporaryDirectory(prefix="hazards-") as folder:
        for (wrapped, newest), group in groups.items():
            paths, first = {}, {}
            for case in group:
                before = f"BEGIN;\n{case.given}COMMIT;\n" if with_given else ""
                path = Path(folder) / f"{case.name}.sql"
                path.write_text(before + case.change, encoding="utf-8")
                paths[str(path)] = case.name
                first[case.name] = before.count("\n")
            wraps = "--assume-in-transaction" if wrapped else "--no-assume-in-transaction"
            options = [wraps, f"--pg-version={newest}", "--reporter", "json"]
            said = _json(command, [*options, *paths])
            names: dict[str, set[str]] = {case.name: set() for case in group}
            for finding in said:
                name = paths[finding["file"]]
                if finding["line"] >= first[name]:
                    names[name].add(finding["rule_name"])
            found.update({name: frozenset(rules - SQUAWK_STYLE) for name, rules in names.items()})
    return found


def _json(command: str, arguments: Sequence[str]) -> list[dict[str, Any]]:
    done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout.strip():
        raise RuntimeError(f"{command} failed: {done.stderr.strip() or done.stdout.strip()}")
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    return findings


def pgrubic(command: str, cases: Iterable[Case]) -> Findings:
    """Run pgrubic on the change alone; it prints text only, coloured and with links."""
    groups: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.newest].append(case)
    found: dict[str, frozenset[str]] = {}
    for newest, group in groups.items():
        with tempfile.TemporaryDirectory(prefix="hazards-") as folder:
            for case in group:
                (Path(folder) / f"{case.name}.sql").write_text(case.change, encoding="utf-8")
            done = subprocess.run(
                [command, "lint", "--exit-zero", "--config", f"lint.target-postgres-version = {newest}", "."],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
            names: dict[str, set[str]] = {case.name: set() for case in group}
            for name, code in re.findall(r"([a-z0-9-]+)\.sql:\d+:\d+:.*?([A-Z]{2}\d{3})", said):
                if code.startswith(PGRUBIC_HAZARDS):
                    names[name].add(code)
            found.update({name: frozenset(codes) for name, codes in names.items()})
    return found
