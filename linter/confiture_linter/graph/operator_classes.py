"""Extensions that an index needs for the operator classes of its columns."""

from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Constraint, Index, Table
from confiture_linter.catalog.entities import Extension
from confiture_linter.statements.facts import TypeName

_NAMED = {
    "gin_trgm_ops": "pg_trgm", "gist_trgm_ops": "pg_trgm", "gin__int_ops": "intarray", "gist__int_ops": "intarray",
    "gist__intbig_ops": "intarray", "gist_hstore_ops": "hstore", "gin_hstore_ops": "hstore", "gist_ltree_ops": "ltree",
    "gist__ltree_ops": "ltree", "citext_ops": "citext", "citext_pattern_ops": "citext", "gist_cube_ops": "cube",
    "vector_l2_ops": "vector", "vector_ip_ops": "vector", "vector_cosine_ops": "vector", "vector_l1_ops": "vector",
}  # fmt: skip
"""Operator classes of PostgreSQL's own extensions and of pgvector, by the names that an index gives."""

_SCALARS = frozenset(
    {"int2", "int4", "int8", "float4", "float8", "numeric", "text", "varchar", "bpchar", "uuid", "date", "time", "timetz",
     "timestamp", "timestamptz", "interval", "bool", "bytea", "money", "oid", "macaddr", "macaddr8", "bit", "varbit"}
)  # fmt: skip
"""Types that have no GiST or GIN operator class of their own, but one of btree_gist and btree_gin."""


def extensions_of(catalog: Catalog, part: Index | Constraint) -> Iterator[Extension]:
    """The installed extensions whose operator classes an index, or the index of a constraint, uses."""
    if not catalog.extensions:
        return
    for name in dict.fromkeys(_names(catalog, part)):
        if name in catalog.extensions:
            yield catalog.extensions[name]


def _names(catalog: Catalog, part: Index | Constraint) -> Iterator[str]:
    if isinstance(part, Index):
        method = part.fact.method
        given = [column.opclass for column in part.fact.columns]
    elif part.kind in ("primary key", "unique", "exclude"):
        method = part.fact.method or "btree"
        given = [""] * len(part.columns)
    else:
        return
    table = part.table if isinstance(part.table, Table) else None
    for name, opclass in zip(part.columns, given, strict=False):
        if opclass:
            yield _NAMED.get(opclass, "")
        elif table is not None and name in table.columns:
            yield from _of_type(catalog, method, table.columns[name].type)


def _of_type(catalog: Catalog, method: str, written: TypeName) -> Iterator[str]:
    """Extensions that bring the default operator class of a type; a domain has that of its base."""
    domain = catalog.type(written.schema, written.name, catalog.default_path)
    while domain is not None and domain.form == "domain" and domain.base is not None:
        written = domain.base
        domain = catalog.type(written.schema, written.name, catalog.default_path)
    if method in ("gist", "gin") and written.name in _SCALARS and not written.array:
        yield f"btree_{method}"
    else:
        yield from catalog.builtin.extension_providing_type(written.name)
