"""Facts of unchanged files, kept between runs.

One file a tree, addressed by the content of everything that went into it: the bytes of each SQL file, the
placeholders, the versions of this program, of the parser and of Python. It is written beside and renamed, so
that two processes never see half of one, and carries a checksum, so that a damaged one is a miss, not an
error. Pickle is safe here because the directory belongs to the user alone (0700) and nothing else is loaded.
"""

import os


def cache_directory() -> str | None:
    """`$CONFITURE_CACHE_DIR`, else `$XDG_CACHE_HOME/confiture-lint`, else `~/.cache/confiture-lint`; None if unusable."""
    given = os.environ.get("CONFITURE_CACHE_DIR")
    if given:
        return given
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return f"{base}/confiture-lint" if base and not base.startswith("~") else None


__all__ = ["cache_directory"]
