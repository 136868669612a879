"""Paths of a report as code hosts and editors want them."""

import posixpath


def repository_path(path: str, prefix: str) -> str:
    """Return `path`, relative to the directory `prefix` of a repository, relative to its top.

    The result is `/` separated and has no `./`; an absolute path stays as it is.
    """
    return posixpath.normpath(posixpath.join(prefix, path))


def uri_path(path: str) -> str:
    """Percent-encode `path` as the path of a URI (RFC 3986); bytes that are not UTF-8 survive."""
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogateescape"))


def file_uri(path: str, root: str) -> str:
    """Return the `file:` URI of `path` below the absolute directory `root`.

    Without a root, and for a relative path, the answer is a relative reference.
    """
    drive, colon, rest = path.partition(":/")
    if colon and len(drive) == 1:  # C:/schema/a.sql
        return f"file:///{drive}:{uri_path('/' + rest)}"
    full = posixpath.normpath(posixpath.join(root, path))
    if full.startswith("/"):
        return "file://" + uri_path("/" + full.lstrip("/"))
    if full[1:3] == ":/":
        return f"file:///{full[0]}:{uri_path(full[2:])}"
    return uri_path(full)
