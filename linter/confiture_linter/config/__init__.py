"""`confiture.yaml` → one typed, frozen value; every problem with its file, line and column.

`load_config` reads and checks; `settings` holds the values and their defaults; `schema` describes every key once;
`globs` is how patterns match in the whole project. `show`, `json_schema` and `reference` are in `describe`, which
is imported when one of them is asked for.
"""

from typing import TYPE_CHECKING, Any

from confiture_linter.config.globs import Matcher, compile_globs, compile_object_globs, compile_text_globs
from confiture_linter.config.load import default_config, find_config, load_config, parse_config
from confiture_linter.config.settings import (
    AnonymizationConfig,
    Config,
    CustomRule,
    Environment,
    Forbid,
    HookConfig,
    Layer,
    LintConfig,
    Match,
    MigrationsConfig,
    PathConfig,
    PggitConfig,
    Require,
    RuleConfig,
    SchemaConfig,
    Tenancy,
)

if TYPE_CHECKING:
    from confiture_linter.config.describe import json_schema, reference, show

__all__ = [
    "AnonymizationConfig",
    "Config",
    "CustomRule",
    "Environment",
    "Forbid",
    "HookConfig",
    "Layer",
    "LintConfig",
    "Match",
    "Matcher",
    "MigrationsConfig",
    "PathConfig",
    "PggitConfig",
    "Require",
    "RuleConfig",
    "SchemaConfig",
    "Tenancy",
    "compile_globs",
    "compile_object_globs",
    "compile_text_globs",
    "default_config",
    "find_config",
    "json_schema",
    "load_config",
    "parse_config",
    "reference",
    "show",
]


def __getattr__(name: str) -> Any:
    """Import `describe` when it is needed; most runs never do."""
    if name in ("json_schema", "reference", "show"):
        from confiture_linter.config import describe

        return getattr(describe, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
