from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_rules.dependencies.partial import unknown_base as base_of

_SHOWN = 6


@rule(
    name="unknown-base",
    subject=Catalog,
    severity=Severity.WARNING,
    bad="CREATE VIEW v_shop AS SELECT o.id FROM w_order AS o, w_item, w_customer, w_price, w_store, w_invoice;",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY);\nCREATE VIEW v_shop AS SELECT o.id FROM w_order AS o;",
    at="w_order",
)
def unknown_base(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """Files use many tables that none of them makes: their base is elsewhere.

    A part of a schema; change scripts that begin in the middle, behind a dump or what a program makes. What the tables are like is not
    known: nothing is said of missing columns in them, and locks are judged as if they were large and in use.

    *When not:* only one or two are missing: that is missing-object. Tables declared under `schema.external`.

    *Instead:* name the files that make them in `migrations.roots`, or in `schema.roots` if it is a tree of today; or
    declare them under `schema.external`.
    """
    base = base_of(ctx)
    if not base:
        return
    names = list(base)
    more = len(names) - _SHOWN
    (path, span), *_ = base[names[0]]
    yield Finding(
        path,
        span,
        f"{len(names)} tables or views that are used here are made by none of the files: {', '.join(names[:_SHOWN])}"
        + (f" and {more} more" if more > 0 else ""),
        "",
        "name the files that make them under migrations.roots or schema.roots, or declare them under schema.external",
        related=tuple(
            Related(
                *base[name][0],
                f"{name}, used in {len(base[name])} place" + ("s" if len(base[name]) > 1 else ""),
            )
            for name in names[1 : _SHOWN + 1]
        ),
    )
