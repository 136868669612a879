"""Rules written in the configuration (`lint.custom`)."""

from confiture_linter.config import Config
from confiture_linter.engine.registry import AnyRule


def custom_rules(config: Config) -> tuple[AnyRule, ...]:
    """Rules of `lint.custom`."""
    del config
    return ()
