"""Whether an access method can index a type when no operator class is named (GetDefaultOpClass of indexcmds.c)."""

from confiture_linter.catalog.kinds import Kind, Kinds

METHODS = frozenset({"btree", "hash", "gin", "gist", "spgist", "brin"})
PROVIDED_BY = {"gin": ("btree_gin",), "gist": ("btree_gist", "intarray", "ltree")}
"""Extensions that give built-in types a default class of a method."""
_VECTORS = ("int2vector", "oidvector")
"""Arrays with names of their own."""


def has_default_operator_class(kinds: Kinds, method: str, kind: Kind) -> bool | None:
    """Whether there is a default operator class without extensions; None for a type of which nothing is known."""
    base = kinds.base(kind)
    if method not in METHODS:
        return None
    if base.array:
        if method == "gin":  # which compares the elements
            return has_default_operator_class(kinds, "btree", base.element)
        return _takes(kinds, method, "anyarray")
    if base.schema:
        pseudo = {"E": "anyenum", "C": "record", "R": "anyrange"}.get(kinds.category(base))
        return _takes(kinds, method, pseudo) if pseudo else None
    builtin = kinds.builtin
    if builtin.extension_providing_type(base.name) or not builtin.has_type(base.name):
        return None
    if base.name.endswith("multirange"):
        return _takes(kinds, method, "anymultirange")
    if kinds.category(base) == "R":
        return _takes(kinds, method, "anyrange")
    if _takes(kinds, method, base.name):
        return True
    if base.name in _VECTORS:
        return _takes(kinds, method, "anyarray")
    return any(
        cast is not None and cast.method == "b" and cast.context == "i"
        for target in builtin.indexed_types(method)
        for cast in [builtin.cast(base.name, target)]
    )


def _takes(kinds: Kinds, method: str, name: str) -> bool:
    return name in kinds.builtin.indexed_types(method)


__all__ = ["METHODS", "PROVIDED_BY", "has_default_operator_class"]
