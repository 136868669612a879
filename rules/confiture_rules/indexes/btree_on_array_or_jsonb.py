from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule

DOCUMENTS = frozenset({"jsonb", "tsvector"})


@rule(
    name="btree-on-array-or-jsonb",
    subject=Index,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE a (id int PRIMARY KEY, tags text[]);\nCREATE INDEX a_tags ON a (tags);",
    good="CREATE TABLE a (id int PRIMARY KEY, tags text[]);\nCREATE INDEX a_tags ON a USING gin (tags);",
    at="CREATE INDEX a_tags",
)
def btree_on_array_or_jsonb(index: Index, ctx: Context) -> Iterator[Finding]:
    """A B-tree index leads with an array, jsonb or tsvector column.

    It only serves comparisons of the whole value, never `@>`, `?`, `&&`, `= ANY` or `@@`, and rejects values
    of more than about 2,700 bytes when they are written.

    *When not:* whole small values are compared or sorted; a UNIQUE index, or one that only
    ends in such a column, is not reported.

    *Instead:* `USING gin`, or a B-tree over one extracted value, such as `((doc ->> 'id'))`.
    """
    if index.unique or index.fact.method != "btree":
        return
    column = getattr(index.table, "columns", {}).get(index.columns[0])
    if column is None or index.fact.columns[0].opclass:
        return
    kind = column.type
    if kind.array or (kind.name in DOCUMENTS and kind.schema in ("", "pg_catalog")):
        what = "array" if kind.array else kind.name
        yield index.finding(
            f"index {index.name} of {index.table.identity} is a B-tree over the {what} {column.name}",
            help=f"use USING gin ({column.name}), or index an extracted value",
        )
