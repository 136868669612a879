"""Try random histories: `python -m tests.replay_proof FIRST LAST`."""

import argparse
import sys
from collections import Counter

from confiture_migrator.shadow import Shadow
from tests.replay_proof.random_run import run_random, shortest


def main() -> int:
    """Run the histories of the seeds FIRST to LAST; 1 if one of them ends differently on the two sides."""
    made = argparse.ArgumentParser(prog="python -m tests.replay_proof", description=__doc__)
    made.add_argument("first", type=int)
    made.add_argument("last", type=int)
    made.add_argument("--length", type=int, default=40)
    made.add_argument("--refusals", action="store_true", help="list refused statements that we carry out")
    given = made.parse_args()
    silent: Counter[str] = Counter()
    equal = accepted = refused = 0
    with Shadow.start() as shadow:
        template = shadow.create_database("template")
        for seed in range(given.first, given.last + 1):
            found = run_random(shadow, template, seed, given.length, refusals=given.refusals)
            accepted += len(found.accepted)
            refused += found.refused
            equal += not found.difference
            silent.update(error for _, error in found.silent)
            if found.difference:
                sys.stdout.write(f"seed {seed}: {found.difference}\n")
                sys.stdout.writelines(f"    {line};\n" for line in shortest(shadow, template, found.accepted))
    count = given.last - given.first + 1
    sys.stdout.write(f"{equal} of {count} histories equal, {accepted} statements taken, {refused} refused\n")
    sys.stdout.writelines(f"silent {times} {error}\n" for error, times in silent.most_common())
    return 0 if equal == count else 1


if __name__ == "__main__":
    sys.exit(main())
