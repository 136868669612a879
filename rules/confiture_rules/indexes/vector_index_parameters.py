from collections.abc import Iterator

from confiture_linter.catalog import Index, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule

_PARAMETERS = {"hnsw": "m = 16, ef_construction = 64", "ivfflat": "lists = 100"}
"""Parameters of pgvector's index methods, with the values it takes when none are written."""


@rule(
    name="vector-index-parameters",
    subject=Index,
    severity=Severity.INFO,
    preset=Preset.STRICT,
    aliases=("vector-index-params",),
    bad=(
        "CREATE EXTENSION vector;\nCREATE TABLE w_text (id bigint PRIMARY KEY, meaning vector(384));\n"
        "CREATE INDEX w_text_meaning ON w_text USING ivfflat (meaning vector_l2_ops);"
    ),
    good=(
        "CREATE EXTENSION vector;\nCREATE TABLE w_text (id bigint PRIMARY KEY, meaning vector(384));\n"
        "CREATE INDEX w_text_meaning ON w_text USING ivfflat (meaning vector_l2_ops) WITH (lists = 1000);"
    ),
    at="CREATE INDEX",
)
def vector_index_parameters(index: Index, ctx: Context) -> Iterator[Finding]:
    """An index of vectors is built with parameters that nobody chose.

    How many neighbours it finds, how long it takes to build and how much memory that needs all depend on them: lists
    should grow with the rows, m and ef_construction with the recall that is wanted.

    *When not:* WITH (…) says them.

    *Instead:* choose them for the number of rows, and write them down even where they are the defaults. Build an ivfflat
    index when the rows are there: its lists are those of the rows it finds.
    """
    method = index.fact.method
    if method not in _PARAMETERS or not isinstance(index.table, Table):
        return
    words = ctx.words(index.path, index.span)
    if not words.find("with", "("):
        yield index.finding(
            f"index {index.name} is built with the defaults of {method}: {_PARAMETERS[method]}",
            help=f"write them: WITH ({_PARAMETERS[method]}), with values for the rows that will be there",
        )
