"""What most commands begin with: the configuration, the rules, the workspace."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from confiture_linter.config import Config, default_config, find_config, load_config
from confiture_linter.config.settings import NEWEST_POSTGRES, OLDEST_POSTGRES
from confiture_linter.engine.workspace import Overlay, Workspace, open_workspace
from confiture_linter.model import ConfigError, Problem


def configuration(arguments: Namespace) -> Config:
    """The configuration that applies: `--config`, else the nearest one upwards, else the defaults."""
    path = arguments.config or find_config(os.getcwd())  # noqa: PTH109 - pathlib costs 5 ms
    config = load_config(path) if path else default_config(".")
    major = getattr(arguments, "postgres", None)
    if major is not None:
        if not OLDEST_POSTGRES <= major <= NEWEST_POSTGRES:
            raise ConfigError(
                (Problem("", 0, 0, f"--postgres must be {OLDEST_POSTGRES} to {NEWEST_POSTGRES}"),)
            )
        config = config._replace(postgres=major)
    for problem in config.warnings:
        if not arguments.quiet:
            sys.stderr.write(f"warning: {problem}\n")
    return config


def workspace(
    config: Config, arguments: Namespace, *, overlays: Sequence[Overlay] = (), order: str | None = None
) -> Workspace:
    """Open the tree: the configured roots, or the paths given where there are none."""
    from confiture_linter.engine.cache import cache_directory

    cache = None if arguments.no_cache else cache_directory()
    opened = open_workspace(
        config, tree_paths(config, arguments.paths), cache=cache, overlays=overlays, order=order
    )
    if opened.problems:
        raise ConfigError(opened.problems)
    return opened


def tree_paths(config: Config, paths: Sequence[str]) -> Sequence[str]:
    """With configured roots PATHS do not change what is analysed; without, they are the tree."""
    return () if config.schema.roots or config.migrations.roots else paths
