"""The stored projections of a tree: those the configuration declares, and those found in a read layer."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Table, View
from confiture_linter.engine.context import Context, Layer


class ReadModel(NamedTuple):
    """A stored projection that `read_models` declares."""

    layer: Layer
    name: str
    relation: Table | View | None
    sources: tuple[tuple[str, Table | View | None], ...]
    """As written, and what is meant."""


def read_models(ctx: Context) -> list[ReadModel]:
    """The declared projections."""
    found: list[ReadModel] = ctx.memo("cqrs-read-models", lambda: list(_declared(ctx)))
    return found


def projections(ctx: Context) -> dict[int, Table | View]:
    """All stored projections by `id`: declared ones, and the tables of layers that only project others."""
    found: dict[int, Table | View] = ctx.memo("cqrs-projections", lambda: _projections(ctx))
    return found


def _declared(ctx: Context) -> Iterator[ReadModel]:
    catalog = ctx.catalog
    for layer in ctx.layers.layers:
        for name, sources in layer.read_models.items():
            resolved = tuple((source, _relation(catalog, source)) for source in sources)
            yield ReadModel(layer, name, _relation(catalog, name), resolved)


def _relation(catalog: Catalog, written: str) -> Table | View | None:
    """The relation a configuration names; without a schema, the only one of that name will do."""
    schema, _, name = written.rpartition(".")
    found = catalog.relation(schema, name, catalog.default_path)
    if found is None and not schema:
        same = [r for (_, known), r in catalog.relations.items() if known == name]
        found = same[0] if len(same) == 1 else None
    return found if isinstance(found, Table | View) else None


def _projections(ctx: Context) -> dict[int, Table | View]:
    found: dict[int, Table | View] = {}
    for model in read_models(ctx):
        if model.relation is not None:
            found[id(model.relation)] = model.relation
    layers = _projecting(ctx)
    for table in ctx.catalog.tables:
        layer = ctx.layers.of(table)
        if layer is not None and layer.name in layers:
            found[id(table)] = table
    return found


def _projecting(ctx: Context) -> set[str]:
    """Layers whose tables are projections: those that declare some, else those that only read a written layer."""
    layers = ctx.layers.layers
    declaring = {layer.name for layer in layers if layer.read_models}
    if declaring:
        return declaring
    with_views = {layer.name for view in ctx.catalog.views if (layer := ctx.layers.of(view)) is not None}
    written = [layer for layer in layers if layer.name in (layer.writes or ())]
    return {
        layer.name
        for layer in layers
        if layer.name in with_views
        and any(_reads_only(layer, source) for source in written if source.name != layer.name)
    }


def _reads_only(layer: Layer, source: Layer) -> bool:
    return (
        source.name in (layer.reads or ())
        and layer.writes is not None
        and source.name not in layer.writes
        and layer.name not in (source.reads or ())
    )
