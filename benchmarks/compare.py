"""Compares confiture-lint with its peers on the same files in the same run.

    python benchmarks/compare.py [--files 1256] [--runs 7] [--peers VENV]

Makes a tree with `make_tree.py` in a temporary folder and runs, in turn and after one warm-up each: our cold
process, our second run (answered from the cache), squawk, pgspot, and a process that only calls PostgreSQL's parser
on every file. Prints wall and CPU seconds (median) and peak memory, and each as a ratio to squawk; the turns are
interleaved, so that a machine whose speed drifts does not favour anyone. Peers are taken from PATH, or from the
virtual environment VENV (`python -m venv VENV && VENV/bin/pip install squawk-cli pgspot`); one that is missing is
left out and named. Nothing here is a test: figures are kept in RESULTS.md with the machine they were measured on.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent

RAW_PARSER = """
import sys
from pglast.parser import parse_sql_json
for path in sys.stdin.read().split("\\n"):
    if path:
        with open(path, encoding="utf-8") as file:
            parse_sql_json(file.read())
"""


class Contender(NamedTuple):
    """A command that is timed."""

    name: str
    command: tuple[str, ...]
    input: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    fresh: str = ""
    """A folder to empty before each run."""


class Run(NamedTuple):
    """What one run of a process cost."""

    wall: float
    cpu: float
    peak_mib: float


def once(contender: Contender, cwd: Path) -> Run:
    """Run a command to its end, its output thrown away."""
    if contender.fresh:
        shutil.rmtree(contender.fresh, ignore_errors=True)
    environment = {**os.environ, **dict(contender.environment)}
    begin = time.perf_counter()
    process = subprocess.Popen(
        contender.command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if process.stdin is not None:
        try:
            process.stdin.write(contender.input.encode())
            process.stdin.close()
        except BrokenPipeError:
            pass
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    wall = time.perf_counter() - begin
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def contenders(tree: Path, files: Sequence[str], peers: Path | None) -> tuple[list[Contender], list[str]]:
    """Everybody who can run here, and who cannot."""
    cache = tempfile.mkdtemp(prefix="confiture-bench-")
    lint = (sys.executable, "-m", "confiture_linter", "check", "--output", os.devnull)
    found = [
        Contender("confiture-lint, cold", (*lint, "--no-cache")),
        Contender("confiture-lint, second run", lint, environment=(("CONFITURE_CACHE_DIR", cache),)),
        Contender("PostgreSQL's parser alone", (sys.executable, "-c", RAW_PARSER), "\n".join(files)),
    ]
    missing = []
    for name, arguments in (("squawk", ()), ("pgspot", ())):
        path = peers / "bin" / name if peers else None
        program = str(path) if path is not None and path.exists() else shutil.which(name)
        if program is None:
            missing.append(name)
            continue
        found.append(Contender(name, (program, *arguments, *files)))
    del tree
    return found, missing


def report(results: dict[str, list[Run]], count: int, size: int) -> str:
    """A Markdown table: medians, and ratios to squawk."""
    medians = {
        name: Run(*(statistics.median(values) for values in zip(*runs, strict=True)))
        for name, runs in results.items()
    }
    base = medians.get("squawk")
    lines = [
        (
            f"{count} files, {size / 1e6:.2f} MB, {len(next(iter(results.values())))} runs each, medians; "
            f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
        ),
        "",
        "| | wall s | CPU s | peak MiB | wall / squawk | CPU / squawk |",
        "|---|---|---|---|---|---|",
    ]
    for name, run in medians.items():
        ratios = f"{run.wall / base.wall:.2f} | {run.cpu / base.cpu:.2f}" if base is not None else "– | –"
        lines.append(f"| {name} | {run.wall:.3f} | {run.cpu:.3f} | {run.peak_mib:.0f} | {ratios} |")
    return "\n".join(lines)


def main() -> None:
    """Make the tree, run everybody in turn, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=1256)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--peers", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="confiture-bench-") as folder:
        tree = Path(folder)
        subprocess.run(
            [sys.executable, str(HERE / "make_tree.py"), str(given.files), str(tree)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        files = sorted(str(path) for path in tree.rglob("*.sql"))
        size = sum(Path(path).stat().st_size for path in files)
        runners, missing = contenders(tree, files, given.peers)
        results: dict[str, list[Run]] = {runner.name: [] for runner in runners}
        for turn in range(given.runs + 1):
            for runner in runners:
                if runner.name == "pgspot" and turn > 3:
                    continue
                run = once(runner, tree)
                if turn:
                    results[runner.name].append(run)
        print(report(results, len(files), size))
        for name in missing:
            print(f"\n{name} is not installed: left out")


if __name__ == "__main__":
    main()
