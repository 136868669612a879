"""`python -m tests.bodies [--count N] [--seed S]`: how many planted faults are found, by kind, and false alarms."""

import argparse
from collections import Counter

from confiture_migrator.shadow import Shadow
from tests.bodies.cases import CASES
from tests.bodies.judge import Verdict, judge
from tests.bodies.mutants import sample
from tests.bodies.schema import SCHEMA


def main() -> None:
    """Try the mutants and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bodies", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("-v", action="store_true", help="print what is missed or wrong")
    given = parser.parse_args()
    with Shadow.start() as shadow, shadow.connect(shadow.create_database("mutants")) as connection:
        connection.execute(SCHEMA)
        verdicts = [judge(mutant, connection) for mutant in sample(CASES, given.seed, given.count)]
    print_table(verdicts)
    if given.v:
        for verdict in verdicts:
            if verdict.missed or verdict.false_alarm:
                print(
                    f"\n-- {verdict.mutant.kind}: server {verdict.server or 'runs it'}; we say {verdict.ours}"
                )
                print(verdict.mutant.text)


def print_table(verdicts: list[Verdict]) -> None:
    """Faults and what was found of them, one line a kind."""
    faults = Counter(v.mutant.kind for v in verdicts if v.fault)
    missed = Counter(v.mutant.kind for v in verdicts if v.missed)
    runs = sum(not v.server for v in verdicts)
    for kind, count in sorted(faults.items()):
        print(f"{kind:16} {count - missed[kind]:5} of {count:5} found")
    total = sum(faults.values())
    print(f"{'all':16} {total - sum(missed.values()):5} of {total:5} found")
    print(f"false alarms: {sum(v.false_alarm for v in verdicts)} on {runs} mutants that run")


if __name__ == "__main__":
    main()
