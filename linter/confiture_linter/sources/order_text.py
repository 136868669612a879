"""Reads the files that say in which order others are built."""

import os

from confiture_linter.model import Problem


def order_text(root: str, path: str) -> tuple[str, Problem | None]:
    """Return the text of `path`, or why it cannot be read."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read().decode("utf-8-sig", "replace"), None
    except OSError as error:
        return "", Problem(path, 0, 0, f"the build order cannot be read: {error.strerror or error}")
