"""Which layer an object belongs to (`layers:` of the configuration)."""

import re
from collections.abc import Callable
from typing import Any

from confiture_linter.catalog.entities import Entity
from confiture_linter.config import Config, Layer, compile_globs


class Layers:
    """Assigns objects to layers: the first layer that matches wins, by path, else by name."""

    def __init__(self, config: Config) -> None:
        self.layers: tuple[Layer, ...] = config.layers
        self._by_name = {layer.name: layer for layer in config.layers}
        self._paths: list[tuple[Layer, Callable[[str], bool] | None]] = [
            (layer, compile_globs(layer.paths) if layer.paths else None) for layer in config.layers
        ]
        self._patterns = {
            layer.name: {kind: re.compile(pattern) for kind, pattern in layer.names.items()}
            for layer in config.layers
        }
        self._of_path: dict[str, Layer | None] = {}

    def __bool__(self) -> bool:
        """Whether any layer is declared."""
        return bool(self.layers)

    def named(self, name: str) -> Layer | None:
        """The layer called `name`."""
        return self._by_name.get(name)

    def of(self, entity: Entity) -> Layer | None:
        """The layer of an object; None if no layer claims it."""
        layer = self.of_path(entity.path)
        if layer is not None:
            return layer
        name = getattr(entity, "name", "")
        for candidate, paths in self._paths:
            if paths is None:
                pattern = self.pattern(candidate, entity.kind)
                if pattern is not None and pattern.search(name):
                    return candidate
        return None

    def of_path(self, path: str) -> Layer | None:
        """The layer whose `paths` match a file."""
        if path not in self._of_path:
            self._of_path[path] = next(
                (layer for layer, matches in self._paths if matches is not None and matches(path)), None
            )
        return self._of_path[path]

    def pattern(self, layer: Layer, kind: str) -> Any:
        """The compiled name pattern of a layer for a kind of object; None if it has none."""
        return self._patterns[layer.name].get(kind)
