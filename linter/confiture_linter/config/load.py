"""Find `confiture.yaml` and make a `Config` of it."""

import os

from confiture_linter.config.settings import NAMES, Config
from confiture_linter.model import ConfigError, Problem


def find_config(start: str) -> str | None:
    """Look for a configuration in `start` and the folders above it, up to the root of the git repository."""
    folder = os.path.abspath(start)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                return path
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = above


def default_config(root: str) -> Config:
    """Return what holds where there is no configuration."""
    return Config(root=root)


def load_config(path: str) -> Config:
    """Read and check the configuration at `path`.

    Raises `ConfigError` with all problems, in the order of the file.
    """
    from confiture_linter.config.document import MAX_BYTES

    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise ConfigError((Problem(path, 0, 0, message),)) from error
    return parse_config(data, path)


def parse_config(data: bytes, path: str) -> Config:
    """Check the text of a configuration that is, or would be, at `path`; an editor has it before the disk.

    Raises `ConfigError` as `load_config` does.
    """
    from confiture_linter.config.checks import read_config
    from confiture_linter.config.document import parse_document

    return read_config(parse_document(data, path), path, os.path.dirname(path) or ".")
