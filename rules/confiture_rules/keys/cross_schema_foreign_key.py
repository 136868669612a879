from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context, compile_object_globs
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="cross-schema-foreign-key",
    subject=Constraint,
    severity=Severity.INFO,
    preset=Preset.ALL,
    options={"allowed": ()},
    config="lint: {rules: {cross-schema-foreign-key: {options: {allowed: ['auth.*']}}}}",
    bad=(
        "CREATE SCHEMA crm;\nCREATE TABLE crm.w_customer (id int PRIMARY KEY);\n"
        "CREATE TABLE w_order (id int PRIMARY KEY, customer_id int REFERENCES crm.w_customer);"
    ),
    good=(
        "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id int PRIMARY KEY);\n"
        "CREATE TABLE w_order (id int PRIMARY KEY, user_id int REFERENCES auth.users);"
    ),
    at="REFERENCES crm",
)
def cross_schema_foreign_key(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key leads into another schema.

    The two schemas cannot be dumped, restored or moved apart any more, and a DELETE in one looks into the other.

    *When not:* `allowed` names the referenced tables (object globs) that everybody may refer to; this is a policy for
    schemas that are modules. Layers and contexts have rules of their own: layer-dependency, cross-context-reference.

    *Instead:* keep the identifier without the reference, or move the table.
    """
    target = constraint.target
    if constraint.kind != "foreign key" or target is None or target.schema == constraint.table.schema:
        return
    if compile_object_globs(tuple(ctx.options["allowed"]))(target.identity):
        return
    yield constraint.finding(
        f"foreign key {constraint.name} of {constraint.table.identity} leads into schema {target.schema}",
        help=f"keep the identifier of {target.identity} without the reference, or allow the table",
    )
