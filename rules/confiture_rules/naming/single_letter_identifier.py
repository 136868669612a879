from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.naming.names import all_names, name_finding, shown


@rule(
    name="single-letter-identifier",
    subject=Catalog,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_reading (id bigint PRIMARY KEY, t numeric NOT NULL);",
    good="CREATE TABLE w_reading (id bigint PRIMARY KEY, temperature numeric NOT NULL);",
    at="t numeric",
    options={"allowed": ("x", "y", "z")},
)
def single_letter_identifier(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A name of one letter says nothing.

    Nobody can search for it, and it collides with the aliases of queries.

    *When not:* coordinates; list letters under the option `allowed`.

    *Instead:* a word.
    """
    allowed = ctx.options["allowed"]
    for kind, named in all_names(ctx):
        if len(named.name) == 1 and named.name not in allowed:
            yield name_finding(
                named,
                ctx,
                f"{kind.replace('_', ' ')} name {shown(named)} is a single letter",
                "say what it holds",
            )
