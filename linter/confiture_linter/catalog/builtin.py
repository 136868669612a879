"""What PostgreSQL 13 to 18 and common extensions provide, answered without a database.

``BuiltinCatalog(major)`` reads the JSON files beside this module, each at the first question that needs it and
once per process. ``data/names.json`` alone answers whether a function of a name and number of arguments, a type
or a relation exists. The files are written from the system catalogs of real servers by
``python -m tests.generate.builtin_catalog``; their header names the servers.

Names are ``pg_type.typname`` and ``pg_proc.proname`` throughout: bare in ``pg_catalog``, qualified elsewhere
(``information_schema.sql_identifier``). In an extension's contents the bare names are those in the schema that
``CREATE EXTENSION`` puts it in.
"""

import functools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple

FIRST_MAJOR = 13
LAST_MAJOR = 18

KeywordClass = Literal["unreserved", "column name", "type or function name", "reserved"]

_DATA = Path(__file__).parent / "data"
_KEYWORD_CLASSES: dict[str, KeywordClass] = {
    "U": "unreserved",
    "C": "column name",
    "T": "type or function name",
    "R": "reserved",
}


class BuiltinColumn(NamedTuple):
    """A column of a relation or of a function's result (``pg_attribute``, ``pg_proc.proargnames``)."""

    name: str
    type: str


class BuiltinFunction(NamedTuple):
    """A function, aggregate, window function or procedure (``pg_proc``)."""

    name: str
    schema: str
    """``""`` for an extension's function in the schema that CREATE EXTENSION chooses."""
    arguments: tuple[str, ...]
    """Types of the input arguments; the last of a variadic function is the array, or ``any``."""
    argument_names: tuple[str, ...]
    """Names of the input arguments, ``""`` for a nameless one; empty where none has a name."""
    n_defaults: int
    """How many of the last arguments may be left out."""
    variadic: bool
    returns: str
    """Result type; ``""`` for a procedure of PostgreSQL 10 or before, ``void`` since."""
    returns_set: bool
    columns: tuple[BuiltinColumn, ...]
    """OUT, INOUT and TABLE arguments."""
    volatility: str
    """``i`` immutable, ``s`` stable, ``v`` volatile."""
    kind: str
    """``f`` function, ``a`` aggregate, ``w`` window function, ``p`` procedure."""
    parallel: str
    """``s`` safe, ``r`` restricted, ``u`` unsafe."""
    strict: bool
    leakproof: bool

    def accepts(self, n_args: int) -> bool:
        """Say whether a call with this many arguments can mean this function."""
        fewest = len(self.arguments) - self.n_defaults
        return fewest <= n_args and (self.variadic or n_args <= len(self.arguments))


class BuiltinType(NamedTuple):
    """A data type (``pg_type``)."""

    name: str
    kind: str
    """``typtype``: ``b`` base, ``c`` composite, ``d`` domain, ``e`` enum, ``p`` pseudo, ``r`` range, ``m`` multirange."""
    category: str
    """``typcategory``: ``A`` array, ``B`` boolean, ``D`` date/time, ``N`` numeric, ``S`` string, …"""
    preferred: bool
    """Preferred for implicit casts within its category."""
    collatable: bool
    format: str
    """``format_type(oid, NULL)``."""
    array: str
    """Name of the array type over this one, ``""`` if there is none."""
    related: str
    """Element of an array or of a subscriptable type, base of a domain, subtype of a range; or ``""``."""

    @property
    def is_array(self) -> bool:
        """Whether this is a true array type such as ``_int4`` (not ``oidvector``)."""
        return self.name.rpartition(".")[2].startswith("_") and self.related != ""

    @property
    def element(self) -> str | None:
        """Element type of a true array."""
        return self.related if self.is_array else None


class BuiltinRelation(NamedTuple):
    """A system table or view, or a relation of an extension (``pg_class``)."""

    name: str
    kind: str
    """``relkind``: ``r`` table, ``v`` view, ``m`` materialised view, ``f`` foreign, ``p`` partitioned, ``S`` sequence."""
    columns: tuple[BuiltinColumn, ...]


class BuiltinOperator(NamedTuple):
    """An operator (``pg_operator``); ``left`` is ``""`` for a prefix operator."""

    name: str
    left: str
    right: str
    returns: str
    function: str
    volatility: str
    """Volatility of the underlying function: ``i``, ``s`` or ``v``."""
    can_merge: bool
    can_hash: bool
    commutator: str
    negator: str


class BuiltinCast(NamedTuple):
    """A cast (``pg_cast``), or a conversion that PostgreSQL has without an entry there."""

    source: str
    target: str
    context: str
    """``i`` implicit, ``a`` in assignments, ``e`` explicit only."""
    method: str
    """``f`` function, ``b`` binary coercible (no rewrite), ``i`` through text, ``a`` element by element."""
    volatility: str
    """Of the function: ``i``, ``s`` or ``v``; ``s`` where text conversion decides."""


class BuiltinOperatorClass(NamedTuple):
    """An operator class of an index access method (``pg_opclass``)."""

    name: str
    access_method: str
    input_type: str
    default: bool
    stored_type: str
    """Type of the stored keys, ``""`` if it is the input type."""
    family: str


class BuiltinSetting(NamedTuple):
    """A configuration parameter (``pg_settings``)."""

    name: str
    kind: str
    """``bool``, ``integer``, ``real``, ``string``, ``enum``; ``""`` for one hidden from pg_settings."""
    context: str
    """``internal``, ``postmaster``, ``sighup``, ``superuser``, ``user``, …; ``hidden``."""


class ExtensionContents(NamedTuple):
    """What ``CREATE EXTENSION`` brings (members by ``pg_depend``, ``pg_extension``).

    An extension of PostgreSQL's own distribution differs by major; of any other, whatever one of the versions
    seen provides is listed, because its version is not tied to the server's.
    """

    name: str
    contrib: bool
    schema: str | None
    """The schema it insists on (``schema`` in its control file)."""
    schemas: tuple[str, ...]
    """Schemas it creates."""
    requires: tuple[str, ...]
    trusted: bool
    relocatable: bool
    versions: tuple[str, ...]
    """Default version on this major, or the versions seen at all."""
    functions: tuple[BuiltinFunction, ...]
    types: tuple[BuiltinType, ...]
    relations: tuple[BuiltinRelation, ...]
    operators: tuple[BuiltinOperator, ...]
    casts: tuple[BuiltinCast, ...]
    operator_classes: tuple[BuiltinOperatorClass, ...]
    access_methods: tuple[str, ...]
    languages: tuple[str, ...]
    foreign_data_wrappers: tuple[str, ...]
    settings: tuple[BuiltinSetting, ...]


@functools.cache
def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_DATA / f"{name}.json").read_bytes())
    return content


def _qualified(schema: str, name: str) -> str:
    return name if schema == "pg_catalog" else f"{schema}.{name}"


class BuiltinCatalog:
    """What a fresh database of one PostgreSQL major provides.

    Building one reads nothing, and all share the decoded files; ``builtin_catalog(17)`` shares the catalog.
    """

    def __init__(self, major: int) -> None:
        if not FIRST_MAJOR <= major <= LAST_MAJOR:
            raise ValueError(f"PostgreSQL {major} is not among {FIRST_MAJOR} to {LAST_MAJOR}")
        self.major = major
        self._types: dict[str, BuiltinType | None] = {}
        self._extensions: dict[str, ExtensionContents | None] = {}

    # -- functions

    def has_function(self, name: str, schema: str = "pg_catalog") -> bool:
        """Say whether ``pg_proc`` has the name, as a function, aggregate or procedure."""
        spans = _load("names")["functions"].get(_qualified(schema, name), ())
        return any(first <= self.major <= last for first, last in zip(spans[2::4], spans[3::4], strict=True))

    def accepts(self, name: str, n_args: int, schema: str = "pg_catalog") -> bool:
        """Say whether a call with this many arguments can be resolved.

        Arguments behind ``WITHIN GROUP (ORDER BY …)`` count, ``count(*)`` has none. A call with one argument
        to the name of a type is a cast and is accepted too, as PostgreSQL does.
        """
        spans = _load("names")["functions"].get(_qualified(schema, name), ())
        for at in range(0, len(spans), 4):
            fewest, most, first, last = spans[at : at + 4]
            if first <= self.major <= last and fewest <= n_args and (most < 0 or n_args <= most):
                return True
        return n_args == 1 and self.has_type(name, schema)

    def function_since(self, name: str, n_args: int | None = None, schema: str = "pg_catalog") -> int | None:
        """Return the first major (13 also for older ones) that has the function, whatever this major is."""
        spans = _load("names")["functions"].get(_qualified(schema, name), ())
        majors = [
            spans[at + 2]
            for at in range(0, len(spans), 4)
            if n_args is None or (spans[at] <= n_args and (spans[at + 1] < 0 or n_args <= spans[at + 1]))
        ]
        return min(majors, default=None)

    def functions(self, name: str, schema: str = "pg_catalog") -> tuple[BuiltinFunction, ...]:
        """Return all overloads of a name (``pg_proc``)."""
        rows = _load("functions")["functions"].get(_qualified(schema, name), ())
        return _functions(name, schema, rows, self.major)

    # -- types

    def has_type(self, name: str, schema: str = "pg_catalog") -> bool:
        """Say whether ``pg_type`` has the name; the row type of a system relation counts."""
        return self.type(name, schema) is not None or self.has_relation(schema, name)

    def type(self, name: str, schema: str = "pg_catalog") -> BuiltinType | None:
        """Return the type of that ``typname`` (``int4``, ``_text``); row types of relations are not among them.

        SQL spellings such as ``double precision`` are for ``spelled_type``.
        """
        key = _qualified(schema, name)
        if key not in self._types:
            types = _load("names")["types"]
            found = _types(key, types.get(key, ()), self.major)
            self._types[key] = found[0] if found else None
        return self._types[key]

    def type_since(self, name: str, schema: str = "pg_catalog") -> int | None:
        """Return the first major (13 also for older ones) that has the type, whatever this major is."""
        rows = _load("names")["types"].get(_qualified(schema, name), ())
        return min((_span(row, 4)[0] for row in rows), default=None)

    def spelled_type(self, spelling: str) -> str | None:
        """Return the ``typname`` of a one- or many-word SQL spelling, in lower case and without a length."""
        found: str | None = _load("names")["spellings"].get(spelling)
        return found

    def format_type(self, name: str, schema: str = "pg_catalog") -> str | None:
        """Return how ``format_type()`` writes the type: ``int4`` is ``integer``, ``_int4`` ``integer[]``."""
        found = self.type(name, schema)
        return found.format if found is not None else None

    # -- relations

    def has_relation(self, schema: str, name: str) -> bool:
        """Say whether the system schema has the table or view."""
        span = _load("names")["relations"].get(f"{schema}.{name}")
        return span is not None and span[0] <= self.major <= span[1]

    def relation_since(self, schema: str, name: str) -> int | None:
        """Return the first major (13 also for older ones) that has the relation, whatever this major is."""
        span = _load("names")["relations"].get(f"{schema}.{name}")
        return None if span is None else int(span[0])

    def relation(self, schema: str, name: str) -> tuple[BuiltinColumn, ...]:
        """Return the columns of a relation of ``pg_catalog`` or ``information_schema``, empty if unknown."""
        value = _load("relations")["relations"].get(f"{schema}.{name}")
        found = None if value is None else _relation(name, value, self.major)
        return found.columns if found is not None else ()

    # -- operators, casts, indexes

    def operators(self, name: str) -> tuple[BuiltinOperator, ...]:
        """Return all operators of a name (``pg_operator``)."""
        return _operators(name, _load("operators")["operators"].get(name, ()), self.major)

    def operator_volatility(self, name: str, left: str | None = None, right: str | None = None) -> str | None:
        """Return the highest volatility (``i`` < ``s`` < ``v``) among the operators that may be meant.

        ``left`` and ``right`` restrict them by type; None means unknown. No such operator: None.
        """
        found = [
            operator.volatility
            for operator in self.operators(name)
            if left in {None, operator.left} and right in {None, operator.right}
        ]
        return max(found, default=None)

    def cast(self, source: str, target: str) -> BuiltinCast | None:
        """Return how a value of one type becomes another, None if it cannot.

        Besides ``pg_cast``: anything to a string type in assignments, a string to anything by an explicit
        cast, an array by its elements, a domain from and to its base; a type to itself is binary.
        """
        if source == target:
            return BuiltinCast(source, target, "i", "b", "i")
        for row in _load("casts")["casts"].get(source, ()):
            if row[0] == target and _within(row, 2, self.major):
                return BuiltinCast(source, target, row[1][0], row[1][1], row[1][2])
        return self._derived_cast(source, target)

    def _derived_cast(self, source: str, target: str) -> BuiltinCast | None:
        here, there = self.type(source), self.type(target)
        if here is None or there is None or "p" in {here.kind, there.kind}:
            return None
        if here.kind == "d" or there.kind == "d":
            inner = self.cast(
                here.related if here.kind == "d" else source, there.related if there.kind == "d" else target
            )
            return inner and inner._replace(source=source, target=target)
        if here.element is not None and there.element is not None:
            inner = self.cast(here.element, there.element)
            if inner is None or inner.method == "b":
                return inner and inner._replace(source=source, target=target)
            return BuiltinCast(source, target, inner.context, "a", inner.volatility)
        if there.category == "S":
            return BuiltinCast(source, target, "a", "i", "s")
        if here.category == "S":
            return BuiltinCast(source, target, "e", "i", "s")
        return None

    def operator_classes(self, name: str) -> tuple[BuiltinOperatorClass, ...]:
        """Return the operator classes of a name, one per access method and input type (``pg_opclass``)."""
        rows = _load("operator_classes")["operator_classes"].get(name, ())
        return _operator_classes(name, rows, self.major)

    def default_operator_class(self, access_method: str, type_name: str) -> BuiltinOperatorClass | None:
        """Return the default operator class whose input type is exactly this one."""
        for name in _load("operator_classes")["operator_classes"]:
            for found in self.operator_classes(name):
                if found.default and (found.access_method, found.input_type) == (access_method, type_name):
                    return found
        return None

    def indexed_types(self, access_method: str) -> frozenset[str]:
        """Input types of the default operator classes of an access method."""
        return self._indexed_types.get(access_method, frozenset())

    @functools.cached_property
    def _indexed_types(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name in _load("operator_classes")["operator_classes"]:
            for each in self.operator_classes(name):
                if each.default:
                    found.setdefault(each.access_method, set()).add(each.input_type)
        return {method: frozenset(types) for method, types in found.items()}

    @functools.cached_property
    def index_methods(self) -> frozenset[str]:
        """Index access methods (``pg_am`` with ``amtype = 'i'``): btree, hash, gist and so on."""
        methods = _load("access_methods")["access_methods"]
        return frozenset(
            name
            for name, rows in methods.items()
            if any(row[0] == "i" and _within(row, 1, self.major) for row in rows)
        )

    # -- words and settings

    def keyword_class(self, word: str) -> KeywordClass | None:
        """Return the class of a keyword in lower case (``pg_get_keywords()``), None for any other word."""
        for row in _load("keywords")["keywords"].get(word, ()):
            if _within(row, 2, self.major):
                return _KEYWORD_CLASSES[row[0]]
        return None

    def is_bare_label(self, word: str) -> bool:
        """Say whether a word may be a column label without AS (14 and later; before: non-keywords only)."""
        rows = _load("keywords")["keywords"].get(word)
        return rows is None or any(bool(row[1]) for row in rows if _within(row, 2, self.major))

    @functools.cached_property
    def settings(self) -> dict[str, BuiltinSetting]:
        """All configuration parameters of the server itself (``pg_settings`` and those hidden from it)."""
        return {found.name: found for found in _settings(_load("settings")["settings"], self.major)}

    # -- extensions

    @functools.cached_property
    def extensions(self) -> frozenset[str]:
        """Names of the extensions known for this major."""
        known = _load("extensions")["extensions"]
        return frozenset(name for name, (first, last) in known.items() if first <= self.major <= last)

    def extension(self, name: str) -> ExtensionContents | None:
        """Return what an extension brings on this major, None if it is unknown."""
        if name not in self._extensions:
            known = name in self.extensions
            self._extensions[name] = _extension(name, self.major) if known else None
        return self._extensions[name]

    def extension_providing_function(self, name: str) -> tuple[str, ...]:
        """Return the extensions with a function of this name, PostgreSQL's own first."""
        return self._providers("functions", name)

    def extension_providing_type(self, name: str) -> tuple[str, ...]:
        """Return the extensions with a type of this name, PostgreSQL's own first."""
        return self._providers("types", name)

    def extension_providing_relation(self, name: str) -> tuple[str, ...]:
        """Return the extensions with a relation of this name, PostgreSQL's own first."""
        return self._providers("relations", name)

    def _providers(self, section: str, name: str) -> tuple[str, ...]:
        found = _load("extensions")[section].get(name, ())
        names = (found,) if isinstance(found, str) else found
        return tuple(extension for extension in names if extension in self.extensions)


@functools.cache
def builtin_catalog(major: int) -> BuiltinCatalog:
    """Return the one catalog of a major that this process needs."""
    return BuiltinCatalog(major)


# --- rows of the data files into values --------------------------------------------------------------------

# What a row of functions.json leaves out at its end.
_UNSAID_OF_FUNCTION: tuple[Any, ...] = ("", "", "", 0, FIRST_MAJOR, LAST_MAJOR, "", "")


def _span(row: list[Any], at: int) -> tuple[int, int]:
    first = row[at] if len(row) > at else FIRST_MAJOR
    return first, row[at + 1] if len(row) > at + 1 else LAST_MAJOR


def _within(row: list[Any], at: int, major: int) -> bool:
    first, last = _span(row, at)
    return bool(first <= major <= last)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _column(text: str) -> BuiltinColumn:
    name, _, of = text.rpartition(" ")
    return BuiltinColumn(name, of)


def _functions(name: str, schema: str, rows: Iterable[list[Any]], major: int) -> tuple[BuiltinFunction, ...]:
    found = []
    for row in rows:
        if not _within(row, 4, major):
            continue
        arguments, returns, flags, n_defaults, _, _, names, columns = [*row, *_UNSAID_OF_FUNCTION[len(row) :]]
        rest = flags[3:]
        found.append(
            BuiltinFunction(
                name=name,
                schema=schema,
                arguments=_split(arguments),
                argument_names=_split(names),
                n_defaults=n_defaults,
                variadic="v" in rest,
                returns=returns,
                returns_set="r" in rest,
                columns=tuple(map(_column, _split(columns))),
                volatility=flags[0],
                kind=flags[1],
                parallel=flags[2],
                strict="n" in rest,
                leakproof="l" in rest,
            )
        )
    return tuple(found)


def _types(name: str, rows: Iterable[list[Any]], major: int) -> tuple[BuiltinType, ...]:
    found = []
    for row in rows:
        if not _within(row, 4, major):
            continue
        flags, spelled, related, array = [*row[:4], "", "", ""][:4]
        schema, dot, bare = name.rpartition(".")
        if array == "-" or (not array and bare.startswith("_")):
            array = ""
        elif not array:
            array = f"{schema}{dot}_{bare}"
        found.append(
            BuiltinType(
                name=name,
                kind=flags[0],
                category=flags[1],
                preferred="p" in flags[2:],
                collatable="c" in flags[2:],
                format=spelled or bare,
                array=array,
                related=related,
            )
        )
    return tuple(found)


def _relation(name: str, value: list[Any], major: int) -> BuiltinRelation | None:
    kind, first, last, columns = value
    if not first <= major <= last:
        return None
    present = (
        entry if isinstance(entry, str) else entry[0]
        for entry in columns
        if isinstance(entry, str) or entry[1] <= major <= entry[2]
    )
    return BuiltinRelation(name, kind, tuple(map(_column, present)))


def _operators(name: str, rows: Iterable[list[Any]], major: int) -> tuple[BuiltinOperator, ...]:
    return tuple(
        BuiltinOperator(
            name, left, right, returns, function, flags[0], "m" in flags, "h" in flags, commutator, negator
        )
        for left, right, returns, function, flags, commutator, negator in (
            row[:7] for row in rows if _within(row, 7, major)
        )
    )


def _operator_classes(name: str, rows: Iterable[list[Any]], major: int) -> tuple[BuiltinOperatorClass, ...]:
    return tuple(
        BuiltinOperatorClass(name, row[0], row[1], bool(row[2]), row[3], row[4])
        for row in rows
        if _within(row, 5, major)
    )


def _settings(content: dict[str, Any], major: int) -> tuple[BuiltinSetting, ...]:
    return tuple(
        BuiltinSetting(name, row[0], row[1])
        for name, rows in content.items()
        for row in rows
        if _within(row, 2, major)
    )


def _extension(name: str, major: int) -> ExtensionContents:
    content = _load(f"extensions/{name}")
    header = content["extension"]
    versions = header["versions"]
    forced = header["forced_schema"] or None
    return ExtensionContents(
        name=name,
        contrib=header["contrib"],
        schema=forced,
        schemas=_names(content, "schemas", major),
        requires=tuple(header["requires"]),
        trusted=header["trusted"],
        relocatable=header["relocatable"],
        versions=tuple(versions.get(str(major)) or sorted({v for seen in versions.values() for v in seen})),
        functions=tuple(
            found
            for key, rows in content.get("functions", {}).items()
            for found in _functions(*_placed(key, forced), rows, major)
        ),
        types=tuple(
            found for key, rows in content.get("types", {}).items() for found in _types(key, rows, major)
        ),
        relations=tuple(
            found
            for key, value in content.get("relations", {}).items()
            if (found := _relation(key, value, major)) is not None
        ),
        operators=tuple(
            found
            for key, rows in content.get("operators", {}).items()
            for found in _operators(key, rows, major)
        ),
        casts=tuple(
            BuiltinCast(source, row[0], row[1][0], row[1][1], row[1][2])
            for source, rows in content.get("casts", {}).items()
            for row in rows
            if _within(row, 2, major)
        ),
        operator_classes=tuple(
            found
            for key, rows in content.get("operator_classes", {}).items()
            for found in _operator_classes(key, rows, major)
        ),
        access_methods=_names(content, "access_methods", major, 1),
        languages=_names(content, "languages", major),
        foreign_data_wrappers=_names(content, "foreign_data_wrappers", major),
        settings=_settings(content.get("settings", {}), major),
    )


def _placed(key: str, forced: str | None) -> tuple[str, str]:
    schema, _, name = key.rpartition(".")
    return name, schema or forced or ""


def _names(content: dict[str, Any], section: str, major: int, at: int = 0) -> tuple[str, ...]:
    entries = content.get(section, {})
    return tuple(name for name, rows in entries.items() if any(_within(row, at, major) for row in rows))
