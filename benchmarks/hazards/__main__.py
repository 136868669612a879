"""The command: `python -m benchmarks.hazards prove | compare`."""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.hazards.case import Case, load


def prove(cases: tuple[Case, ...], bindir: Path | None) -> int:
    """Prove every label that holds for the server's version; print what it does not bear out."""
    from benchmarks.hazards.observe import Bench
    from benchmarks.hazards.proof import failures

    from confiture_migrator.shadow import Shadow

    with Shadow.start(bindir=bindir) as shadow:
        major = int(shadow.server_version.split(".")[0])
        bench = Bench(shadow)
        begin = time.perf_counter()
        proven = wrong = 0
        for case in cases:
            if not case.holds_for(major):
                continue
            found = failures(case, bench.run(case))
            proven += not found
            wrong += bool(found)
            for failure in found:
                print(f"{case.name}: {failure}")
        seconds = time.perf_counter() - begin
        bench.close()
    others = len(cases) - proven - wrong
    print(
        f"PostgreSQL {shadow.server_version}: {proven} labels proven, {wrong} not; {others} are about other versions"
    )
    print(f"{seconds:.1f} s", file=sys.stderr)
    return 1 if wrong else 0


def main() -> int:
    """Read the arguments and do what they say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hazards", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    proving = commands.add_parser("prove", help="prove every label on a throw-away server")
    proving.add_argument("--bindir", type=Path, help="programs of another PostgreSQL, 15 or newer")
    comparing = commands.add_parser("compare", help="let linters judge the cases, and count")
    comparing.add_argument("--peers", type=Path, help="a virtual environment with squawk-cli and pgrubic")
    comparing.add_argument("--write", action="store_true", help="write RESULTS.md beside the cases")
    for command in (proving, comparing):
        command.add_argument("names", nargs="*", help="only these cases")
    given = parser.parse_args()
    cases = tuple(case for case in load() if not given.names or case.name in given.names)
    if given.command == "prove":
        return prove(cases, given.bindir)
    from benchmarks.hazards.compare import compare

    return compare(cases, given.peers, given.write)


if __name__ == "__main__":
    sys.exit(main())
