from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context, compile_object_globs
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_rules.cqrs.layer_dependency import CONFIG
from confiture_rules.cqrs.read_models import read_models


@rule(
    name="read-model-source-unknown",
    subject=Catalog,
    severity=Severity.WARNING,
    config=CONFIG.replace("writes: [read]", "writes: [read], read_models: {r_order: [w_order]}"),
    bad={
        "db/write/10.sql": "CREATE TABLE w_orders (id int PRIMARY KEY);",
        "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY);",
    },
    good={
        "db/write/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY);",
        "db/read/20.sql": "CREATE TABLE r_order (id int PRIMARY KEY);",
    },
    at="r_order",
)
def read_model_source_unknown(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """`read_models` names a table that does not exist.

    What the declaration was meant to guard, a refresh after each write, is then guarded by nobody. It happens
    when a table is renamed and the configuration is not.

    *When not:* declare tables of another database under `schema.external`.

    *Instead:* correct the name in confiture.yaml. An unknown source is reported at the read model, an unknown
    read model at the configuration.
    """
    models = read_models(ctx) if ctx.layers else ()
    if not models:
        return
    external = compile_object_globs(ctx.config.schema.external)
    for model in models:
        if model.relation is None:
            if not external(model.name):
                yield Finding(
                    ctx.config.path or "confiture.yaml",
                    Span(0, 0),
                    f"layer {model.layer.name} (line {model.layer.line}) declares read model {model.name},"
                    " which does not exist",
                    model.name,
                    "correct the name under read_models, or take the entry away",
                )
            continue
        for name, source in model.sources:
            if source is None and not external(name):
                yield model.relation.finding(
                    f"read model {model.name} is declared to come from {name}, which does not exist",
                    at=model.relation.fact.at,
                    help=f"correct the sources of {model.name} under read_models of layer {model.layer.name}",
                )
