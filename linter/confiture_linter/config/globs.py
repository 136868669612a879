"""Globs, as the whole project understands them: one compiled expression for any number of patterns.

Three kinds, one grammar. `?` is one character, `*` any number, and neither leaves the part it stands in; every
other character is itself.

* Paths (`compile_globs`): relative, `/` separated. Parts are folders; `**` is any number of them, none included.
  A pattern that ends in a plain name also matches everything below: `db/legacy` is `db/legacy/**` too.
* Objects (`compile_object_globs`): parts are the names in `schema.name`. Without a dot the pattern is a bare name
  in any schema. Quotes are as in SQL. The arguments of a function need not be in the pattern.
* Text (`compile_text_globs`): type names and the like; there are no parts, `*` matches anything.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

Matcher = Callable[[str], bool]
"""Whether a path, an object or a text matches any of the patterns."""

_DOT, _PARENTHESIS = "\x00", "\x01"


def compile_globs(patterns: Iterable[str]) -> Matcher:
    """Compile globs for relative, `/` separated paths."""
    return _paths(tuple(patterns))


def compile_object_globs(patterns: Iterable[str]) -> Matcher:
    """Compile globs for names as findings print them: `name`, `schema.name`, `schema.function(type,…)`."""
    return _objects(tuple(patterns))


def compile_text_globs(patterns: Iterable[str]) -> Matcher:
    """Compile globs for texts without parts, such as the names of types."""
    return _texts(tuple(patterns))


@lru_cache(maxsize=512)
def _paths(patterns: tuple[str, ...]) -> Matcher:
    return _matcher(map(_path_expression, patterns))


@lru_cache(maxsize=512)
def _texts(patterns: tuple[str, ...]) -> Matcher:
    return _matcher(_wildcards(pattern, ".") for pattern in patterns)


@lru_cache(maxsize=512)
def _objects(patterns: tuple[str, ...]) -> Matcher:
    matches = _matcher(map(_object_expression, patterns))
    return lambda name: matches(_unquoted(name) if '"' in name else name)


def _matcher(expressions: Iterable[str]) -> Matcher:
    alternatives = "|".join(dict.fromkeys(filter(None, expressions)))
    if not alternatives:
        return _nothing
    match = re.compile(rf"(?:{alternatives})\Z", re.DOTALL).match
    return lambda text: match(text) is not None


def _nothing(_: str) -> bool:
    return False


def _path_expression(pattern: str) -> str:
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if not parts:
        return r"(?!)" if not pattern.startswith((".", "/")) else ".*"
    start = "/" if pattern.startswith("/") else ""
    *folders, last = (part for i, part in enumerate(parts) if part != "**" or parts[i - 1 : i] != ["**"])
    above = "".join("(?:[^/]+/)*" if part == "**" else _wildcards(part, "[^/]") + "/" for part in folders)
    if last == "**":
        return f"{start}{above}.+"
    below = "/.+" if pattern.endswith("/") else "(?:/.+)?" if not set("*?") & set(last) else ""
    return f"{start}{above}{_wildcards(last, '[^/]')}{below}"


def _object_expression(pattern: str) -> str:
    pattern = _unquoted(pattern)
    name, parenthesis, _ = pattern.partition("(")
    anywhere = "" if "." in name else r"(?:[^.(]*\.)?"
    if parenthesis:
        return anywhere + _wildcards(name, "[^.(]") + _wildcards(pattern[len(name) :], ".")
    return anywhere + _wildcards(name, "[^.(]") + r"(?:\(.*\))?"


def _wildcards(pattern: str, inside: str) -> str:
    """Translate one part; `**` in the middle of a part crosses parts, as `db/**.sql` is meant."""
    pieces = re.split(r"(\*+|\?)", pattern)
    return "".join(
        re.escape(piece) if not index % 2 else inside if piece == "?" else _star(piece, inside)
        for index, piece in enumerate(pieces)
    )


def _star(stars: str, inside: str) -> str:
    return f"{inside}*" if stars == "*" else ".*"


def _unquoted(name: str) -> str:
    """Drop the quotes of SQL; what they protect is kept apart from separators."""

    def plain(quoted: re.Match[str]) -> str:
        return quoted[1].replace('""', '"').replace(".", _DOT).replace("(", _PARENTHESIS)

    return re.sub(r'"((?:[^"]|"")*)"', plain, name)
