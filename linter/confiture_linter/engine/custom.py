"""Rules written in the configuration (`lint.custom`): each becomes a rule like any other."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from confiture_linter.catalog import (
    Catalog,
    Column,
    Constraint,
    Function,
    Index,
    Policy,
    Table,
    Trigger,
    Type,
    Unresolved,
    View,
)
from confiture_linter.catalog.entities import Entity
from confiture_linter.catalog.types import format_type
from confiture_linter.config import (
    Config,
    CustomRule,
    Matcher,
    compile_globs,
    compile_object_globs,
    compile_text_globs,
)
from confiture_linter.engine.context import Context
from confiture_linter.engine.files import File
from confiture_linter.engine.registry import AnyRule
from confiture_linter.model import ConfigError, Finding, Problem, Rule
from confiture_linter.statements.facts import TypeName

FAMILY = "custom"

_SUBJECTS: Mapping[str, type[Entity]] = {
    "table": Table,
    "view": View,
    "materialized_view": View,
    "column": Column,
    "function": Function,
    "index": Index,
    "constraint": Constraint,
    "type": Type,
    "trigger": Trigger,
    "policy": Policy,
    "file": File,
}

_COMMENTED = ("table", "view", "materialized_view", "column", "function", "index", "type")
_RELATIONS = ("table", "view", "materialized_view")
_KINDS: Mapping[tuple[str, str], Collection[str]] = {
    ("match", "schema"): [kind for kind in _SUBJECTS if kind != "file"],
    ("require", "type"): ("column", "function"),
    ("require", "column"): _RELATIONS,
    ("require", "comment"): _COMMENTED,
    ("require", "not_null"): ("column",),
    ("forbid", "type"): ("column", "function"),
    ("forbid", "depends_on"): (*_RELATIONS, "function", "type"),
}
"""Keys that make sense for some kinds only; a name has everything."""


class Breach(NamedTuple):
    """What is wrong with an object, and where it stands; -1: at the whole object."""

    text: str
    at: int = -1
    path: str | None = None


Demand = Callable[[Any, Context], Iterable[Breach]]


def custom_rules(config: Config, taken: Collection[str] = ()) -> tuple[AnyRule, ...]:
    """The rules of `lint.custom`, in the order of the file; `taken` are the names of other rules.

    Raises `ConfigError` for a key that makes no sense for its kind, and for a name that is taken.
    """
    problems = [
        problem
        for index, given in enumerate(config.lint.custom)
        for problem in _problems(given, str(index), config, taken)
    ]
    if problems:
        raise ConfigError(tuple(problems))
    return tuple(_rule(given) for given in config.lint.custom)


def _problems(given: CustomRule, index: str, config: Config, taken: Collection[str]) -> Iterator[Problem]:
    def problem(message: str, hint: str, *key: str) -> Problem:
        place = config.positions.get(("lint", "custom", index, *key), (given.line, given.column))
        return Problem(config.path, *place, message, hint)

    if given.name in taken:
        yield problem(f"there is a rule {given.name} already", "choose another name", "name")
    for (part, key), kinds in _KINDS.items():
        if getattr(getattr(given, part), key) and given.kind not in kinds:
            message = f"{part}.{key} means nothing for kind {given.kind}"
            yield problem(message, f"it is for {', '.join(kinds)}", part, key)


def _rule(given: CustomRule) -> AnyRule:
    summary = given.message or f"What {given.name} demands of a {given.kind.replace('_', ' ')}."
    return Rule(
        name=given.name,
        family=FAMILY,
        subject=_SUBJECTS[given.kind],
        check=_check(given),
        severity=given.severity,
        since="",
        summary=summary if len(summary) <= 80 else summary[:79] + "…",
        description="A rule of this project, declared under `lint.custom` in its configuration.",
        bad="",
        good="",
        at="",
    )


def _check(given: CustomRule) -> Callable[[Any, Context], Iterator[Finding]]:
    concerns = _concerns(given)
    demands = tuple(_demands(given))
    message = given.message

    def check(entity: Any, ctx: Context) -> Iterator[Finding]:
        if not concerns(entity):
            return
        for demand in demands:
            for breach in demand(entity, ctx):
                yield entity.finding(
                    message or breach.text,
                    at=breach.at,
                    path=breach.path,
                    help=breach.text if message else "",
                )

    return check


# -- which objects ---------------------------------------------------------------------------------------------


def _concerns(given: CustomRule) -> Callable[[Any], bool]:
    """Whether the rule is about an object: its kind, its file, its name and its schema."""
    tests: list[Callable[[Any], bool]] = []
    if given.kind in ("view", "materialized_view"):
        kind = given.kind
        tests.append(lambda entity: entity.kind == kind)
    if given.match.name:
        found = re.compile(given.match.name).search
        tests.append(lambda entity: found(_name(entity)) is not None)
    if given.match.schema:
        schema = compile_text_globs([given.match.schema])
        tests.append(lambda entity: schema(_schema(entity)))
    if given.paths:
        path = compile_globs(given.paths)
        tests.append(lambda entity: path(entity.path))
    return lambda entity: all(test(entity) for test in tests)


def _name(entity: Any) -> str:
    name: str = entity.path.rpartition("/")[2] if isinstance(entity, File) else entity.name
    return name


def _schema(entity: Any) -> str:
    schema: str = entity.schema if hasattr(entity, "schema") else entity.table.schema
    return schema


def _shown(entity: Any) -> str:
    """Kind and name, as a message says them."""
    if isinstance(entity, File):
        return f"file {_name(entity)}"
    if isinstance(entity, Constraint):
        return f"constraint {entity.table.name}.{entity.name}"
    if isinstance(entity, Column | Trigger | Policy):
        return f"{entity.kind} {entity.table.name}.{entity.name}"
    return f"{entity.kind.replace('_', ' ')} {entity.name}"


# -- what is demanded of them ----------------------------------------------------------------------------------


def _demands(given: CustomRule) -> Iterator[Demand]:
    require, forbid = given.require, given.forbid
    if require.name:
        yield _named(re.compile(require.name), f"does not match {require.name}", wanted=True)
    if require.prefix:
        prefix = re.compile(re.escape(require.prefix))
        yield _named(prefix, f"does not begin with {require.prefix}", wanted=True, start=True)
    if forbid.name:
        yield _named(re.compile(forbid.name), f"matches {forbid.name}, which is forbidden", wanted=False)
    if require.type:
        yield _typed(require.type, f"required is {require.type}", wanted=True)
    if forbid.type:
        yield _typed(forbid.type, f"forbidden is {forbid.type}", wanted=False)
    if require.column:
        yield _with_column(require.column)
    if require.comment:
        yield _commented
    if require.not_null:
        yield _not_null
    if forbid.depends_on:
        yield _independent(forbid.depends_on)


def _at_name(entity: Any, ctx: Context, text: str) -> Breach:
    if isinstance(entity, File):
        return Breach(text)
    place = ctx.name_place(entity)
    return Breach(text, place.at, place.path if place.at >= 0 else None)


def _named(pattern: re.Pattern[str], text: str, *, wanted: bool, start: bool = False) -> Demand:
    find = pattern.match if start else pattern.search

    def demand(entity: Any, ctx: Context) -> Iterator[Breach]:
        if (find(_name(entity)) is not None) != wanted:
            yield _at_name(entity, ctx, f"{_shown(entity)} {text}")

    return demand


def _typed(glob: str, text: str, *, wanted: bool) -> Demand:
    matches = compile_text_globs([glob])

    def demand(entity: Column | Function, ctx: Context) -> Iterator[Breach]:
        written, path = _type_of(entity)
        if written is None or not written.name or written.percent_type:
            return
        spellings = _spellings(entity, written, ctx.catalog)
        if any(map(matches, spellings)) != wanted:
            yield Breach(f"{_shown(entity)} has type {spellings[0]}; {text}", written.at, path)

    return demand


def _type_of(entity: Column | Function) -> tuple[TypeName | None, str]:
    if isinstance(entity, Column):
        return entity.type, entity.type_path
    return entity.fact.returns, entity.path


_SERIALS = {"int2": "smallserial", "int4": "serial", "int8": "bigserial"}


def _spellings(entity: Column | Function, written: TypeName, catalog: Catalog) -> list[str]:
    """A type as format_type spells it, without its schema, and by the name it has in pg_type."""
    modifiers = f"({','.join(written.modifiers)})" if written.modifiers else ""
    spellings = [
        format_type(catalog.type_schema(written), written),
        format_type("", written),
        f"{written.name}{modifiers}{'[]' if written.array else ''}",
    ]
    if isinstance(entity, Column) and entity.fact.serial:
        spellings.append(_SERIALS.get(written.name, "serial"))
    return spellings


def _with_column(column: str) -> Demand:
    def demand(entity: Table | View, ctx: Context) -> Iterator[Breach]:
        shape = ctx.shapes.relation(entity)
        if shape is not None and column not in shape:
            yield _at_name(entity, ctx, f"{_shown(entity)} has no column {column}")

    return demand


def _commented(entity: Any, ctx: Context) -> Iterator[Breach]:
    if not entity.comment:
        yield _at_name(entity, ctx, f"{_shown(entity)} has no comment")


def _not_null(column: Column, _ctx: Context) -> Iterator[Breach]:
    if not column.not_null:
        yield Breach(f"{_shown(column)} may be NULL")


def _independent(forbidden: tuple[str, ...]) -> Demand:
    """No dependency on a layer, or on objects that match a glob; those outside the tree included."""

    def demand(entity: Entity, ctx: Context) -> Iterator[Breach]:
        layers, matches = ctx.memo(f"custom.forbidden {forbidden}", lambda: _forbidden(forbidden, ctx))
        for edge in ctx.dependencies.of(entity):
            target = edge.target
            if target is entity or target.kind in ("schema", "extension"):
                continue
            layer = ctx.layers.of(target) if layers else None
            if layer is not None and layer.name in layers:
                text = f"{_shown(entity)} depends on {target.identity} of layer {layer.name}"
                yield Breach(text, edge.ref.at, edge.where.path)
            elif matches(target.identity):
                yield Breach(f"{_shown(entity)} depends on {target.identity}", edge.ref.at, edge.where.path)
        for missing in ctx.memo("custom.unresolved", lambda: _unresolved(ctx.catalog)).get(id(entity), ()):
            ref = missing.ref
            name = f"{ref.schema}.{ref.name}" if ref.schema else ref.name
            if matches(name):
                yield Breach(f"{_shown(entity)} depends on {name}", ref.at, missing.where.path)

    return demand


def _forbidden(names: tuple[str, ...], ctx: Context) -> tuple[frozenset[str], Matcher]:
    """Which of the names are layers; all others are object globs."""
    layers = frozenset(name for name in names if ctx.layers.named(name) is not None)
    return layers, compile_object_globs(name for name in names if name not in layers)


def _unresolved(catalog: Catalog) -> dict[int, list[Unresolved]]:
    """What an object names that the tree does not define, by the object."""
    found: dict[int, list[Unresolved]] = {}
    for missing in catalog.unresolved:
        if missing.source is not None and missing.ref.kind in ("relation", "function", "type", "sequence"):
            found.setdefault(id(missing.source), []).append(missing)
    return found
