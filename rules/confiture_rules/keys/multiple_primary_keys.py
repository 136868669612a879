from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule


@rule(
    name="multiple-primary-keys",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id int PRIMARY KEY, code text);\nALTER TABLE a ADD PRIMARY KEY (code);",
    good="CREATE TABLE a (id int PRIMARY KEY, code text);\nALTER TABLE a ADD UNIQUE (code);",
    at="PRIMARY KEY (code)",
)
def multiple_primary_keys(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A table is given a second primary key.

    PostgreSQL refuses it: `multiple primary keys for table are not allowed`.

    *When not:* never; the statement fails.

    *Instead:* one primary key over all its columns, UNIQUE constraints for other keys.
    """
    for conflict in catalog.conflicts:
        if conflict.kind == "multiple-primary-keys":
            related = (Related(*conflict.first, "the first primary key"),) if conflict.first else ()
            yield Finding(
                conflict.path,
                conflict.span,
                f"table {conflict.name} already has a primary key",
                conflict.name,
                "make it UNIQUE, or put all columns of the key into one PRIMARY KEY",
                related=related,
            )
