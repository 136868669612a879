"""Settings of a hook: typed access to its `config`, and an error for every key that nobody reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from confiture_migrator.hooks.values import HookError


class Settings:
    """The `config` of one hook. Ask for every key, then call `close`."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self._config = dict(config)
        self._known: list[str] = []

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without `default` it must be there."""
        value = self._take(key, default)
        if not isinstance(value, str) or not value.strip():
            raise HookError(f"config.{key} must be text")
        return value

    def optional(self, key: str) -> str | None:
        """Return a text, or None where it is not given."""
        if key in self._config:
            return self.text(key)
        self._note(key)
        return None

    def number(self, key: str, default: int, low: int = 1) -> int:
        """Return a whole number."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            raise HookError(f"config.{key} must be a whole number, {low} or more")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise HookError(f"config.{key} must be true or false")
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of texts; one text may stand without brackets."""
        if key not in self._config and not required:
            self._note(key)
            return ()
        value = self._take(key, None)
        items = (value,) if isinstance(value, str) else value
        if not isinstance(items, Sequence) or not items or not all(isinstance(each, str) for each in items):
            raise HookError(f"config.{key} must be a list of texts")
        return tuple(items)

    def records(self, key: str) -> tuple[Mapping[str, object], ...]:
        """Return a list of mappings."""
        value = self._take(key, ())
        if not isinstance(value, Sequence) or not all(isinstance(each, Mapping) for each in value):
            raise HookError(f"config.{key} must be a list of mappings")
        return tuple(value)

    def close(self) -> None:
        """Refuse what is left: a misspelled key must not be silently without effect."""
        unknown = sorted(set(self._config) - set(self._known))
        if unknown:
            raise HookError(
                f"config has no key {', '.join(unknown)}; known: {', '.join(self._known) or 'none'}"
            )

    def _note(self, key: str) -> None:
        self._known.append(key)

    def _take(self, key: str, default: Any) -> Any:
        self._note(key)
        value = self._config.get(key, default)
        if value is None:
            raise HookError(f"config.{key} is missing")
        return value
