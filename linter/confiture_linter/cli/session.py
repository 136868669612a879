"""What most commands begin with: the configuration, the rules, the workspace."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confiture_linter.config import Config, default_config, find_config, load_config
from confiture_linter.config.settings import NEWEST_POSTGRES, OLDEST_POSTGRES
from confiture_linter.engine.opening import Overlay
from confiture_linter.model import ConfigError, Problem, SourceError

if TYPE_CHECKING:
    from confiture_linter.engine.revision_tree import Revision
    from confiture_linter.engine.selection import ActiveRule
    from confiture_linter.engine.workspace import Workspace


def configuration(arguments: Namespace, *, cached: bool = False) -> Config:
    """The configuration that applies: `--config`, else the nearest one upwards, else the defaults.

    `cached` takes it, without its environments, from the cache if the file has not changed.
    """
    path = arguments.config or find_config(os.getcwd())
    if not path:
        config = default_config(".")
    elif cached:
        config = _cached(path)
    else:
        config = load_config(path)
    major = getattr(arguments, "postgres", None)
    if major is not None:
        if not OLDEST_POSTGRES <= major <= NEWEST_POSTGRES:
            raise ConfigError(
                (Problem("", 0, 0, f"--postgres must be {OLDEST_POSTGRES} to {NEWEST_POSTGRES}"),)
            )
        config = config._replace(postgres=major, positions={**config.positions, ("postgres",): (0, 0)})
    since = config.migrations.since or ""
    if getattr(arguments, "at", None) and since.startswith("git:"):
        config = config._replace(migrations=config.migrations._replace(since=None))
        if not arguments.quiet:
            sys.stderr.write(
                f"warning: migrations.since {since} is left out: a revision is judged by itself\n"
            )
    for problem in config.warnings:
        if not arguments.quiet:
            sys.stderr.write(f"warning: {problem}\n")
    return config


def _cached(path: str) -> Config:
    """Reading YAML costs 20 ms; an unchanged file is not read again."""
    from confiture_linter.engine.cache import Cache, cache_directory, digest, program_identity

    directory = cache_directory()
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return load_config(path)
    if directory is None:
        return load_config(path)
    cache = Cache(directory)
    key = digest([*program_identity(), os.path.abspath(path), path, os.getcwd(), data])
    config = cache.load("config", key)
    if not isinstance(config, Config):
        # Environments may hold secrets, and no command that lints needs them.
        config = load_config(path)._replace(environments={})
        cache.store("config", key, config)
    return config


@contextmanager
def at_revision(arguments: Namespace, reference: str | None) -> "Iterator[Revision | None]":
    """Work in the tree of a git revision while the body runs; in the tree on the disk without one.

    The configuration is the revision's own; where it has none, or `--config` names another file, that of today holds.
    """
    if reference is None:
        yield None
        return
    from confiture_linter.engine.revision_tree import revision_tree

    here = os.getcwd()
    with revision_tree(reference, here) as revision:
        _moved(arguments, revision)
        _configured(arguments, revision, here)
        os.chdir(revision.here)
        try:
            yield revision
        finally:
            os.chdir(here)


def _moved(arguments: Namespace, revision: "Revision") -> None:
    """Let paths mean the same place in the revision."""
    arguments.no_cache = True
    arguments.paths = [_inside(path, revision) if os.path.isabs(path) else path for path in arguments.paths]
    if getattr(arguments, "baseline", None):
        arguments.baseline = os.path.abspath(arguments.baseline)


def _inside(path: str, revision: "Revision") -> str:
    below = os.path.relpath(os.path.realpath(path), os.path.realpath(revision.repository))
    if below == ".." or below.startswith(".." + os.sep):
        raise SourceError(f"{path}: outside the git repository {revision.repository}")
    return os.path.join(revision.top, below)


def _configured(arguments: Namespace, revision: "Revision", here: str) -> None:
    import shutil

    own = None if arguments.config else find_config(revision.here)
    today = arguments.config or (None if own else find_config(here))
    if not today:
        return
    place = _inside(os.path.abspath(today), revision)
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        shutil.copyfile(today, place)
    except OSError as error:
        raise SourceError(f"{today}: {error.strerror or error}") from None
    # Relative, so that paths in messages look as they always do.
    arguments.config = os.path.relpath(place, revision.here) if arguments.config else None


def workspace(
    config: Config,
    arguments: Namespace,
    *,
    overlays: Sequence[Overlay] = (),
    order: str | None = None,
    rules: "Sequence[ActiveRule] | None" = None,
) -> "Workspace":
    """Open the tree: the configured roots, or the paths given where there are none."""
    from confiture_linter.engine.workspace import open_workspace

    opened = open_workspace(
        config,
        tree_paths(config, arguments.paths),
        overlays=overlays,
        order=order,
        rules=rules,
        since=getattr(arguments, "since", None),
    )
    if opened.problems:
        raise ConfigError(opened.problems)
    return opened


def tree_paths(config: Config, paths: Sequence[str]) -> Sequence[str]:
    """With configured roots PATHS do not change what is analysed; without, they are the tree."""
    return () if config.schema.roots or config.migrations.roots else paths


def existing_paths(config: Config, paths: Sequence[str]) -> None:
    """Raise `SourceError` for a path that is not there, or is outside the configured tree.

    Restricting the report to such a path would pass without having looked at anything.
    """
    roots = [*config.schema.roots, *config.migrations.roots]
    if not roots:
        return
    trees = [os.path.abspath(os.path.join(config.root or ".", _fixed_part(root))) for root in roots]
    for given in paths:
        if not os.path.lexists(given):
            raise SourceError(f"{given}: no such file or folder")
        path = os.path.abspath(given)
        if not any(_below(path, tree) or _below(tree, path) for tree in trees):
            raise SourceError(f"{given}: outside the tree, which is {', '.join(roots)} of {config.path}")


def _fixed_part(root: str) -> str:
    """The folder before the first wildcard of a root."""
    for position, letter in enumerate(root):
        if letter in "*?[":
            return root[:position].rpartition("/")[0]
    return root


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))
