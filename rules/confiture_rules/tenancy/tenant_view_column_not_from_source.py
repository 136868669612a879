from collections.abc import Iterator

from confiture_linter.catalog import Table, View
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Output
from confiture_rules.tenancy.lineage import lineage
from confiture_rules.tenancy.predicates import Level


@rule(
    name="tenant-view-column-not-from-source",
    subject=View,
    severity=Severity.ERROR,
    bad="""CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, customer_id uuid NOT NULL);
CREATE VIEW v_order AS SELECT customer_id AS tenant_id, id FROM w_order;""",
    good="""CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, customer_id uuid NOT NULL);
CREATE VIEW v_order AS SELECT tenant_id, id FROM w_order;""",
    at="customer_id AS tenant_id",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
    security=True,
)
def tenant_view_column_not_from_source(view: View, ctx: Context) -> Iterator[Finding]:
    """The tenant column of a view is not the tenant column of its source.

    Filters and joins on it look right and select the rows of others.

    *When not:* an expression is followed to the columns it is made of, and reported only if none of them can
    hold a tenant: a tenant column, the key of the tenant table, a column that references it. A function of the tree,
    or a value taken out of JSON by the tenant's name, is trusted.

    *Instead:* publish the tenant column of the table the row comes from.
    """
    query = view.query
    shape = ctx.shapes.view(view) if ctx.tenancy and query is not None else None
    if query is None or shape is None or ctx.tenancy.column not in shape:
        return
    position = shape.index(ctx.tenancy.column)
    branches = lineage(ctx).level(query).branches
    for branch in branches:
        output = _wrong(branch, position, ctx) or _made_of_others(branch, position, view, len(branches), ctx)
        if output is not None:
            yield view.finding(
                f"{view.name}.{ctx.tenancy.column} is not the tenant column of the rows it publishes",
                at=output.at,
                help=f"publish {ctx.tenancy.column} of {branch.readings[0].name}",
            )


def _wrong(branch: Level, position: int, ctx: Context) -> Output | None:
    """The output at a position, if it is known not to be a tenant column."""
    outputs = branch.query.outputs
    if any(o.column is not None and o.column.name == "*" for o in outputs) or not branch.readings:
        return None
    if position >= len(outputs):
        return None
    output = outputs[position]
    if output.column is None:
        return output if _names_nothing(branch, position) else None
    index, *rest = branch.node(output.column)
    if not isinstance(index, int) or branch.is_tenant((index, *rest)):
        return None
    relation = (
        branch.tenants.relation(branch.sources[index]) if branch.sources[index].kind == "relation" else None
    )
    if not isinstance(relation, Table) or output.column.name not in relation.columns:
        return None
    return None if _identifies_tenant(relation, output.column.name, ctx) else output


def _made_of_others(branch: Level, position: int, view: View, branches: int, ctx: Context) -> Output | None:
    """The expression at a position, if no column that goes into it holds a tenant."""
    outputs = branch.query.outputs
    if (
        branches > 1
        or not branch.readings
        or position >= len(outputs)
        or outputs[position].column is not None
    ):
        return None
    if any(o.column is not None and o.column.name == "*" for o in outputs) or _nothing_in(branch, position):
        return None
    wrong = lineage(ctx).misses_tenant(view, lambda table, name: _identifies_tenant(table, name, ctx))
    return outputs[position] if wrong else None


def _identifies_tenant(table: Table, column: str, ctx: Context) -> bool:
    """Whether a column holds tenants: by its name, as the key of the root, or as a reference to it."""
    root = ctx.tenancy.root
    if column == ctx.tenancy.column or table is root:
        return True
    keys = table.foreign_keys
    return any(
        column in key.columns and (key.target is root or ctx.tenancy.column in key.columns) for key in keys
    )


def _names_nothing(branch: Level, position: int) -> bool:
    """Whether an expression names no column and no query, while the rows are those of all tenants."""
    if all(branch.bound(reading) for reading in branch.readings):
        return False
    return _nothing_in(branch, position)


def _nothing_in(branch: Level, position: int) -> bool:
    """Whether an expression names no column and no query; False where its end is not known."""
    query, start = branch.query, branch.query.outputs[position].at
    later = [o.at for o in query.outputs] + [s.at for s in query.sources]
    end = min((at for at in later if at > start), default=-1)
    named = [use.at for use in query.columns] + [child.at for child in query.children]
    return end > 0 and not any(start <= at < end for at in named)
