"""Write the file of a new rule, to be filled in.

Run from the root of the repository::

    python -m tests.generate.new_rule FAMILY NAME      # such as: tenancy tenant-column-missing

The file loads, and its generated tests fail until every FILL IN is gone.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "rules/confiture_rules"

TEMPLATE = '''\
from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="{name}",
    subject=Table,  # or Column, Constraint, Index, View, Function, Trigger, Policy, Type, …, Catalog for all at once
    severity=Severity.WARNING,
    bad="CREATE TABLE fill_in (id bigint PRIMARY KEY);",
    good="CREATE TABLE fill_in (id bigint PRIMARY KEY);",
    at="FILL IN: the text of `bad` at which the finding starts",
)
def {function}(table: Table, ctx: Context) -> Iterator[Finding]:
    """FILL IN: what is wrong, in at most 80 characters, a full stop at the end

    FILL IN: why it matters, in one or two sentences.

    *When not:* FILL IN: what looks alike and is not reported.

    *Instead:* FILL IN: what to write.
    """
    if table.name == "FILL IN":
        yield table.finding(f"table {{table.name}} FILL IN", help="FILL IN: what to do, on this very table")
'''


def new_rule(family: str, name: str) -> Path:
    """Write the file; raises `ValueError` with one line of what is wrong."""
    families = sorted(path.parent.name for path in RULES.glob("*/__init__.py"))
    if family not in families:
        raise ValueError(f"there is no family {family}; there are {', '.join(families)}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise ValueError(f"{name!r} is not kebab-case, such as tenant-column-missing")
    function = name.replace("-", "_")
    taken = next(RULES.glob(f"*/{function}.py"), None)
    if taken is not None:
        raise ValueError(f"there is a rule {name} already: {taken.relative_to(ROOT)}")
    path = RULES / family / f"{function}.py"
    path.write_text(TEMPLATE.format(name=name, function=function), "utf-8")
    return path


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("family", help="folder of rules/confiture_rules")
    parser.add_argument("name", help="name of the rule, kebab-case")
    given = parser.parse_args()
    try:
        path = new_rule(given.family, given.name)
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write(
        f"{path.relative_to(ROOT)}\n"
        "1. replace every FILL IN\n"
        f"2. python -m pytest tests/rules/test_examples.py -k {given.name}\n"
        "3. python -m tests.generate.pages\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
