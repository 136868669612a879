from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.naming.names import all_names, name_finding, shown

_RELATION = frozenset({"reserved", "type or function name"})
_ROUTINE = frozenset({"reserved"})
_CLASSES = {
    "schema": _RELATION,
    "table": _RELATION,
    "view": _RELATION,
    "materialized_view": _RELATION,
    "sequence": _RELATION,
    "column": _RELATION,
    "type": _ROUTINE,
    "function": _ROUTINE,
    "procedure": _ROUTINE,
}
"""Classes of keywords that each kind cannot take without quotes (manual, appendix C)."""


@rule(
    name="reserved-keyword-identifier",
    subject=Catalog,
    severity=Severity.WARNING,
    bad='CREATE TABLE "user" (id bigint PRIMARY KEY);',
    good="CREATE TABLE app_user (id bigint PRIMARY KEY);",
    at='"user"',
)
def reserved_keyword_identifier(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A name is a reserved word of SQL.

    It must be quoted in every statement, and some statements without quotes run and mean something else:
    `SELECT * FROM user` gives the name of the session's role.

    *When not:* the name is given by a format that is not yours.

    *Instead:* another word, or a longer name: `app_user`, `sort_order`, `valid_until`.
    """
    for kind, named in all_names(ctx):
        name = named.name
        if kind in _CLASSES and catalog.builtin.keyword_class(name) in _CLASSES[kind]:
            yield name_finding(
                named,
                ctx,
                f"{kind.replace('_', ' ')} name {shown(named)} is a reserved word of SQL",
                f'give it another name; until then every statement must write "{name}"',
            )
