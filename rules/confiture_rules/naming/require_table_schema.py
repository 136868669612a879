from collections.abc import Iterator

from confiture_linter.catalog.catalog import SourceStatement
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, Span, quote_identifier, rule
from confiture_linter.statements.facts import CreateFunction, CreateTable, CreateType, CreateView

_KINDS = {CreateTable: "table", CreateView: "view", CreateFunction: "function", CreateType: "type"}


@rule(
    name="require-table-schema",
    subject=SourceStatement,
    facts=(CreateTable, CreateView, CreateFunction, CreateType),
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    good="CREATE TABLE sales.w_order (id bigint PRIMARY KEY);",
    at="CREATE TABLE w_order",
)
def require_table_schema(source: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """An object is created in whatever schema comes first.

    Without a schema the search_path of the session decides where a table, view, function or type goes.

    *When not:* everything lives in one schema that the role's search_path names.

    *Instead:* `schema.name`.
    """
    statement = source.statement
    fact = statement.fact
    if isinstance(fact, CreateTable | CreateView | CreateFunction | CreateType):
        temporary = isinstance(fact, CreateTable | CreateView) and fact.persistence == "t"
        if not fact.schema and not temporary:
            schema = quote_identifier(ctx.catalog.default_path[0] if ctx.catalog.default_path else "public")
            yield Finding(
                source.path,
                Span(statement.start, statement.end),
                f"{_KINDS[type(fact)]} {fact.name} is created without a schema",
                fact.name,
                f"write {schema}.{quote_identifier(fact.name)}",
            )
