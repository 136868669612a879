"""What a rule may ask: the catalog, the configuration, and answers that several rules need."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from confiture_linter.catalog import Catalog, Shapes
from confiture_linter.catalog.entities import Entity
from confiture_linter.config import Config, Layer, compile_globs, compile_object_globs
from confiture_linter.engine.files import File
from confiture_linter.engine.layers import Layers
from confiture_linter.engine.notes import StaleEntry, SuppressionNote
from confiture_linter.engine.places import NamePlace, name_place, renames_by_name
from confiture_linter.engine.tenancy import Tenancies
from confiture_linter.graph import Dependencies

if TYPE_CHECKING:
    from confiture_linter.graph.lineage import Tracer


class Context:
    """Read-only view of one run for rules; `options` are those of the rule that is being run."""

    def __init__(
        self,
        catalog: Catalog,
        config: Config,
        texts: Callable[[str], bytes],
        *,
        ordered: bool = True,
        history: bool = False,
    ) -> None:
        self.catalog = catalog
        self.config = config
        self.text = texts
        """The analysed text of a file."""
        self.ordered = ordered
        """Whether the build order is declared, or the tree is numbered; False: it was computed."""
        self.history = history
        """Whether the files are migrations, each of which changes what the ones before it left."""
        self.options: Mapping[str, Any] = {}
        self.shapes = Shapes(catalog)
        self.dependencies = Dependencies(catalog)
        self.layers = Layers(config)
        self.tenancy = Tenancies(config, catalog)
        self.postgres = config.postgres
        self.files: list[File] = []
        """The files of the tree in build order."""
        self.exists: Callable[[str], bool] = lambda _path: False
        """Whether a path relative to the configuration exists."""
        self.notes: list[SuppressionNote | StaleEntry] = []
        """What to say about suppressions and the baseline, once all other rules have run."""
        self._memo: dict[str, Any] = {}

    def memo(self, key: str, compute: Callable[[], Any]) -> Any:
        """Compute something once a run and share it between rules."""
        if key not in self._memo:
            self._memo[key] = compute()
        return self._memo[key]

    def lineage(self, *, facts_only: bool = False) -> "Tracer":
        """Where columns come from; what the facts leave open costs the import of sqlglot (100 ms).

        Its steps bear no lines: findings have places of their own, and nobody else's text need be indexed.
        """
        from confiture_linter.graph.lineage import Tracer
        from confiture_linter.graph.places import Places

        def made() -> Tracer:
            places = Places(lambda _path: b"", str)
            return Tracer(self.catalog, self.shapes, places, self.text, facts_only=facts_only)

        found: Tracer = self.memo(f"lineage-{facts_only}", made)
        return found

    def name_place(self, entity: Entity) -> NamePlace:
        """Where the name of an object is written, and how; asked only for what is reported."""
        return name_place(entity, self.text, self.memo("renames", lambda: renames_by_name(self.catalog)))


__all__ = [
    "Context",
    "File",
    "Layer",
    "StaleEntry",
    "SuppressionNote",
    "compile_globs",
    "compile_object_globs",
]
