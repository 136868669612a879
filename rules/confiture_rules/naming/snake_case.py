import re
from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.naming.names import Named, all_names, name_finding, shown

_PLAIN = re.compile(r"[a-z0-9_$]+\Z").match
_BEFORE_CAPITAL = re.compile(r"(?<=[^\W_A-Z])(?=[A-Z])|[^\w$]+")

FEW = 10
"""Below this many names of a kind there is no convention to speak of."""


@rule(
    name="snake-case",
    subject=Catalog,
    severity=Severity.WARNING,
    bad='CREATE TABLE w_customer (id bigint PRIMARY KEY, "firstName" text NOT NULL);',
    good="CREATE TABLE w_customer (id bigint PRIMARY KEY, first_name text NOT NULL);",
    at='"firstName"',
    options={
        "kinds": (
            "schema",
            "table",
            "view",
            "materialized_view",
            "sequence",
            "column",
            "type",
            "function",
            "procedure",
            "index",
            "trigger",
        ),
        "convention": 0.3,
    },
)
def snake_case(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A name has to be quoted wherever it is used.

    PostgreSQL folds what is not quoted to lower case: a name with capitals, blanks or hyphens exists only for
    those who quote it, and `firstName` without quotes is another name that does not exist.

    Where at least the share `convention` of ten or more names of a kind is written so, it is how the team's
    ORM names things, and the kind is passed over. Constraints and policies, which many name in prose, are not
    among `kinds`; an index that takes over the name of its table is not reported again.

    *When not:* the names come from an ORM; then list the kinds that it does not name.

    *Instead:* lower case and underscores.
    """
    kinds = set(ctx.options["kinds"]) - _conventional(ctx)
    for kind, named in all_names(ctx):
        name = named.name
        if kind in kinds and not _PLAIN(name) and not _is_snake(name) and not _after_table(named):
            yield name_finding(
                named,
                ctx,
                f"{kind.replace('_', ' ')} name {shown(named)} is not snake_case and must always be quoted",
                f"call it {_snake(name)}",
            )


def _is_snake(name: str) -> bool:
    """Letters of any alphabet that has no case, or in lower case."""
    return name == name.lower() and name.replace("_", "").replace("$", "").isalnum()


def _after_table(named: Named) -> bool:
    """Whether it is an index that has its table's name, as ORMs give it."""
    return (
        isinstance(named, Index) and not _PLAIN(named.table.name) and named.name.startswith(named.table.name)
    )


def _snake(name: str) -> str:
    return _BEFORE_CAPITAL.sub("_", name).strip("_").lower()


def _conventional(ctx: Context) -> set[str]:
    """Kinds of which so many names are quoted that it is a convention."""
    counts: dict[str, list[Named]] = {}
    for kind, named in all_names(ctx):
        counts.setdefault(kind, []).append(named)
    share: float = ctx.options["convention"]
    return {
        kind
        for kind, group in counts.items()
        if len(group) >= FEW
        and sum(not _PLAIN(n.name) and not _is_snake(n.name) for n in group) >= share * len(group)
    }
