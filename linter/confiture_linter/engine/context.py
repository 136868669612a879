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
from confiture_linter.engine.words import Words
from confiture_linter.graph import Dependencies
from confiture_linter.model import Finding, Span

if TYPE_CHECKING:
    from confiture_linter.effects import ChangeSet
    from confiture_linter.engine.drift import Drift
    from confiture_linter.engine.profiles import AnonymizationProfile
    from confiture_linter.engine.selection import ActiveRule
    from confiture_linter.graph.lineage import Tracer
    from confiture_linter.risk import Snapshot


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
        # A rule about a `Change` asks `change.catalog` instead of these: they remember what they were asked.
        self.shapes = Shapes(catalog)
        self.dependencies = Dependencies(catalog)
        self.layers = Layers(config)
        self.tenancy = Tenancies(config, catalog)
        self.postgres = config.postgres
        self.files: list[File] = []
        """The files of the tree in build order."""
        self.exists: Callable[[str], bool] = lambda _path: False
        """Whether a path relative to the configuration exists."""
        self.change_sets: list[ChangeSet] = []
        """The judged change sets: one for what is deployed together."""
        self.drift: list[Drift] = []
        """Where the schema tree and the change scripts disagree."""
        self.profiles: list[AnonymizationProfile] = []
        """The anonymization profiles of `anonymization.profiles`."""
        self.judged: list[tuple[ActiveRule, Finding]] = []
        """What rules about single changes found while the replay was there."""
        self.notes: list[SuppressionNote | StaleEntry] = []
        """What to say about suppressions and the baseline, once all other rules have run."""
        self._memo: dict[str, Any] = {}

    def memo(self, key: str, compute: Callable[[], Any]) -> Any:
        """Compute something once a run and share it between rules."""
        if key not in self._memo:
            self._memo[key] = compute()
        return self._memo[key]

    @property
    def snapshot(self) -> "Snapshot":
        """Sizes of the database, as `migrations.snapshot` has them; empty without. Raises `SourceError`."""

        def read() -> "Snapshot":
            from confiture_linter.engine.assessment import snapshot_of

            return snapshot_of(self.config)

        found: Snapshot = self.memo("snapshot", read)
        return found

    def words(self, path: str, span: Span) -> Words:
        """The words of a stretch of a file; asked only for what is reported."""
        return Words(self.text(path), *span)

    def place_of(self, name: str, path: str, span: Span) -> Span:
        """Where a name is written in a stretch of a file; the whole stretch if it is not written there."""
        found = self.words(path, span).named(name)
        return Span(found.start, found.end) if found is not None else span

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
