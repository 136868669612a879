from collections.abc import Iterator
from typing import Any

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import Named, Table
from confiture_linter.engine.context import Context, Layer
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="object-in-wrong-directory",
    subject=Catalog,
    severity=Severity.WARNING,
    bad={"db/01_write/010.sql": "CREATE VIEW v_order AS SELECT 1 AS id;"},
    good={"db/02_read/010.sql": "CREATE VIEW v_order AS SELECT 1 AS id;"},
    at="CREATE VIEW",
    config="""layers:
  - {name: write, paths: ["db/01_write/**"], names: {table: "^w_"}}
  - {name: read, paths: ["db/02_read/**"], names: {view: "^v_", table: "^r_"}}
""",
)
def object_in_wrong_directory(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An object lies in one layer's folder and bears the name of another layer.

    Readers, reviewers and the layer rules themselves go by the folder; what lies in the wrong one escapes
    them.

    *When not:* an object whose name fits its own layer, or no layer at all, is where it belongs.

    *Instead:* move the file into the other layer's folder, or rename the object.
    """
    if not ctx.layers:
        return
    for entity in _named(catalog):
        layer = ctx.layers.of_path(entity.path)
        if layer is None or (isinstance(entity, Table) and entity.partition_of is not None):
            continue
        own = ctx.layers.pattern(layer, entity.kind)
        if own is not None and own.search(entity.name):
            continue
        home = _home(entity, ctx, layer)
        if home is not None:
            yield entity.finding(
                f"{entity.kind.replace('_', ' ')} {entity.name} lies in layer {layer.name} and is named for layer {home.name}",
                help=f"move it below {home.paths[0] if home.paths else home.name}, or rename it",
            )


def _home(entity: Named, ctx: Context, layer: Layer) -> Layer | None:
    """Another layer that wants such a name, if the object's own layer has no opinion or objects."""
    for candidate in ctx.layers.layers:
        if candidate is layer or not candidate.paths:
            continue
        pattern: Any = ctx.layers.pattern(candidate, entity.kind)
        if pattern is not None and pattern.search(entity.name):
            own = ctx.layers.pattern(layer, entity.kind)
            if own is not None or entity.kind != "function":
                return candidate
    return None


def _named(catalog: Catalog) -> Iterator[Named]:
    yield from catalog.tables
    yield from catalog.views
    yield from catalog.routines
