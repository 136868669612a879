"""Resolves the names that statements mention, at the moment they are mentioned.

What is not there yet is asked for again at the end: found then, it is a forward reference; not found, it
is missing, external or unsure. Nothing is guessed into silence, and nothing external becomes an error.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from confiture_linter.catalog.builtin import ExtensionContents
from confiture_linter.catalog.catalog import Catalog, Edge, SourceStatement, Unresolved
from confiture_linter.catalog.entities import Constraint, Entity, Extension, Function, Generic, Named, Table
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref


class _Resolved(NamedTuple):
    ref: Ref
    target: Entity | None
    late: bool
    answered: bool
    """Whether the name needs nothing from the tree: it is built in or temporary."""
    path: tuple[str, ...]
    """The search_path it was looked up in."""


class _Pending(NamedTuple):
    source: Entity | None
    ref: Ref
    where: SourceStatement
    late: bool
    path: tuple[str, ...]


class References:
    """Turns mentions into edges; part of the replay."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.pending: list[_Pending] = []
        self._ever_names: frozenset[str] | None = None
        self._named: dict[int, tuple[int, int, int, int]] = {}
        """Views and functions (by identity) to where in `edges` and `pending` what their definition names is."""
        self._adopted: dict[int, Entity] = {}
        """Statements (by identity) whose deferred execution made an object after all."""
        self.external: Callable[[str], bool] = lambda _name: False
        self.external_extensions: frozenset[str] = frozenset()
        self.held_by_constraint: Callable[[str, str, tuple[str, ...]], bool] = lambda *_: False
        """Whether a name is that of a constraint's index."""
        self.bodies_checked = True
        """SET check_function_bodies: whether SQL bodies are resolved when the function is created."""
        self._paths: dict[int, tuple[str, ...]] = {}
        self._builtin_functions: dict[tuple[str, int], bool] = {}
        self._builtin_types: dict[str, bool] = {}

    # -- while replaying ---------------------------------------------------------------------------

    def resolve(self, where: SourceStatement) -> list[_Resolved]:
        """Look up everything a statement names, as of now."""
        statement = where.statement
        resolved = [self._resolved(ref, late=False) for ref in statement.refs]
        fact = statement.fact
        if type(fact) is f.CreateFunction:
            if fact.body is not None and not fact.atomic:
                checked = self.bodies_checked
                plpgsql = fact.language == "plpgsql"  # of which the types of variables are looked up alone
                resolved += [
                    self._resolved(ref, late=not checked or (plpgsql and ref.use != "declare"))
                    for ref in fact.body.refs
                ]
        elif type(fact) is f.DoBlock and fact.body is not None:
            resolved += [self._resolved(ref, late=True) for ref in fact.body.refs]
        return resolved

    def _resolved(self, ref: Ref, *, late: bool, path: tuple[str, ...] | None = None) -> _Resolved:
        path = path or self.catalog.search_path
        target, answered = self.find(ref, path)
        return _Resolved(ref, target, late, answered, path)

    def keep(self, where: SourceStatement, source: Entity | None, resolved: list[_Resolved]) -> None:
        """Make edges of what was found; remember the rest."""
        catalog = self.catalog
        edges, pending = len(catalog.edges), len(self.pending)
        for item in resolved:
            if item.target is not None:
                if item.target is not source:
                    catalog.edges.append(Edge(source, item.target, item.ref, where, item.late, False))
            elif not item.answered and not self._itself(item, source):
                self.pending.append(_Pending(source, item.ref, where, item.late, item.path))
        if type(where.statement.fact) in _REPLACEABLE and source is not None:
            self._named[id(source)] = edges, len(catalog.edges), pending, len(self.pending)
        if source is not None and catalog.search_path != catalog.default_path:
            self._paths[id(source)] = catalog.search_path

    def disown(self, replaced: Entity, former: Entity) -> None:
        """A view or function has a new definition: what the old one named is `former`'s, which is no more."""
        edges = self.catalog.edges
        first, end, first_pending, end_pending = self._named.pop(id(replaced), (0, 0, 0, 0))
        for index in range(first, end):
            if edges[index].source is replaced:
                edges[index] = edges[index]._replace(source=former)
        for index in range(first_pending, min(end_pending, len(self.pending))):
            if self.pending[index].source is replaced:
                self.pending[index] = self.pending[index]._replace(source=former)
        self._paths.pop(id(replaced), None)

    def _itself(self, item: _Resolved, source: Entity | None) -> bool:
        """Whether a statement mentions what it makes: a table that references itself."""
        return source is not None and not item.late and self.find(item.ref, item.path)[0] is source

    def adopt(self, where: SourceStatement, source: Entity | None) -> None:
        """A deferred statement has been carried out: its edges now have a source."""
        if source is not None:
            self._adopted[id(where)] = source

    def _settle_adopted(self) -> None:
        """Give edges and pending names of deferred statements their source, in one pass."""
        if not self._adopted:
            return
        adopted = self._adopted
        edges = self.catalog.edges
        for index, edge in enumerate(edges):
            if edge.source is None and id(edge.where) in adopted:
                edges[index] = edge._replace(source=adopted[id(edge.where)])
        for index, item in enumerate(self.pending):
            if item.source is None and id(item.where) in adopted:
                self.pending[index] = item._replace(source=adopted[id(item.where)])

    def path_at(self, constraint: Constraint) -> tuple[str, ...]:
        """The search_path under which the table of a constraint was created."""
        return self._paths.get(id(constraint.table), self.catalog.default_path)

    # -- looking up --------------------------------------------------------------------------------

    def find(self, ref: Ref, path: tuple[str, ...]) -> tuple[Entity | None, bool]:
        """The object a mention names, and whether it is answered without one."""
        kind = ref.kind
        if kind == "relation":
            return self._relation(ref, path)
        if kind == "function":
            return self._function(ref, path)
        if kind == "type":
            return self._type(ref, path)
        if kind == "schema":
            return self.catalog.schemas.get(ref.name), True
        if kind in _OTHERS:
            return self._other(ref, path), True
        return None, True

    def _relation(self, ref: Ref, path: tuple[str, ...]) -> tuple[Entity | None, bool]:
        catalog = self.catalog
        found = catalog.relation(ref.schema, ref.name, path)
        if found is not None:
            return found, True
        if ref.schema in ("", "pg_temp") and ref.name in catalog.temporary:
            return None, True
        builtin = catalog.builtin
        if builtin.has_relation(ref.schema or "pg_catalog", ref.name):
            return None, True
        if (
            not ref.schema
            and "information_schema" in path
            and builtin.has_relation("information_schema", ref.name)
        ):
            return None, True
        if ref.use in ("type", "declare") and catalog.type(ref.schema, ref.name, path) is not None:
            return catalog.type(ref.schema, ref.name, path), True
        if ref.use == "registered" and ref.text.endswith(
            ("_seq", "_pkey", "_key", "_fkey", "_idx", "_check")
        ):
            return None, True
        if self.held_by_constraint(ref.schema, ref.name, path):
            return None, True
        if ref.use == "registered" and (not ref.name or ref.text.isdigit()):
            return None, True
        return None, ref.name in ("new", "old") or ref.schema in ("pg_toast", "pg_temp")

    def _function(self, ref: Ref, path: tuple[str, ...]) -> tuple[Entity | None, bool]:
        catalog = self.catalog
        group = catalog.overloads(ref.schema, ref.name, path)
        if group:
            fitting = [item for item in group if _accepts(item, ref)]
            if fitting and not (not ref.schema and self._builtin_accepts(ref)):
                return _best(fitting, ref), True
        if ref.schema in ("", "pg_catalog") and self._builtin_accepts(ref):
            return None, True
        if ref.schema in ("information_schema", "pg_temp"):
            return None, True
        if not ref.schema and catalog.relation("", ref.name, path) is not None and ref.arguments == 1:
            return None, True
        if ref.arguments == 1 and (ref.name == "row" or self._is_type(ref, path)):
            return None, True
        return None, False

    def _other(self, ref: Ref, path: tuple[str, ...]) -> Entity | None:
        """A server, a wrapper, a collation, an operator of the tree; none if it is not the tree's."""
        schemas = (ref.schema,) if ref.schema else ("", *path)
        for other in self.catalog.others:
            if other.what == ref.kind and other.name == ref.name and other.schema in schemas:
                return other
        return None

    def _is_type(self, ref: Ref, path: tuple[str, ...]) -> bool:
        """`typename(value)` is a cast."""
        if not ref.schema and self.catalog.builtin.has_type(ref.name):
            return True
        return self.catalog.type(ref.schema, ref.name, path) is not None

    def _builtin_accepts(self, ref: Ref) -> bool:
        if ref.names:
            return self._builtin_accepts_names(ref)
        key = (ref.name, ref.arguments)
        known = self._builtin_functions.get(key)
        if known is None:
            builtin = self.catalog.builtin
            if ref.arguments < 0:
                known = builtin.has_function(ref.name)
            else:
                known = builtin.accepts(ref.name, ref.arguments)
            # FROM unnest(a, b) is ROWS FROM (unnest(a), unnest(b)).
            known = known or ref.name in _GRAMMAR_FUNCTIONS or ref.name == "unnest"
            self._builtin_functions[key] = known
        return known

    def _builtin_accepts_names(self, ref: Ref) -> bool:
        if ref.name in _GRAMMAR_FUNCTIONS:
            return True
        for function in self.catalog.builtin.functions(ref.name):
            count = len(function.arguments)
            defaults = [number >= count - function.n_defaults for number in range(count)]
            if function.variadic or _fits_names(
                ref, list(function.argument_names), defaults[: len(function.argument_names)]
            ):
                return True
        return False

    def _type(self, ref: Ref, path: tuple[str, ...]) -> tuple[Entity | None, bool]:
        catalog = self.catalog
        if ref.schema in ("", "pg_catalog"):
            known = self._builtin_types.get(ref.name)
            if known is None:
                known = catalog.builtin.has_type(ref.name) or ref.name in _PSEUDO_TYPES
                self._builtin_types[ref.name] = known
            if known:
                return None, True
        found: Entity | None = catalog.type(ref.schema, ref.name, path)
        if found is None:
            found = catalog.relation(ref.schema, ref.name, path)
        if found is None and ref.name.startswith("_"):
            found = catalog.type(ref.schema, ref.name[1:], path)
        if found is None and ref.name in catalog.temporary:
            return None, True
        if found is None and ref.name.endswith("multirange"):
            return None, any(t.form == "range" for t in catalog.types.values())
        if found is None and ref.schema == "information_schema":
            return None, True
        if found is None and _range_constructor(ref, catalog, path):
            return None, True
        return found, found is not None

    # -- at the end --------------------------------------------------------------------------------

    def finish(self) -> None:
        """Resolve what was pending against the finished schema."""
        catalog = self.catalog
        self._settle_adopted()
        for item in self.pending:
            if item.late and self._replaced(item.source):
                continue
            target, answered = self.find(item.ref, item.path)
            if target is None and not answered and item.path != catalog.default_path:
                target, answered = self.find(item.ref, catalog.default_path)
            if target is None and not answered and not catalog.path_declared:
                target = self._elsewhere(item.ref)
            if target is not None:
                if target is not item.source:
                    catalog.edges.append(
                        Edge(item.source, target, item.ref, item.where, item.late, not item.late)
                    )
            elif not answered:
                reason, hint = self._reason(item.ref, item.path)
                if reason == "missing":
                    reason, hint = self._doubt(item)
                catalog.unresolved.append(
                    Unresolved(item.source, item.ref, item.where, item.late, reason, hint)
                )
        self.pending = []

    def _replaced(self, source: Entity | None) -> bool:
        """Whether the function whose body names something was replaced or dropped since."""
        if not isinstance(source, Function):
            return False
        return source not in self.catalog.functions.get((source.schema, source.name), ())

    def _elsewhere(self, ref: Ref) -> Entity | None:
        """An object of that name in another schema: where search_path is not configured, it is meant.

        An unqualified name may lie anywhere; a qualified one may be what was created without a schema.
        """
        found: list[Named] = []
        catalog = self.catalog
        if ref.kind in ("relation", "type"):
            found += [r for (_, name), r in catalog.relations.items() if name == ref.name]
        if ref.kind == "function":
            for (_, name), group in catalog.functions.items():
                if name == ref.name:
                    found += [item for item in group if _accepts(item, ref)]
        if ref.kind == "type":
            found += [t for (_, name), t in catalog.types.items() if name == ref.name]
        if ref.schema:
            homes = catalog.default_path
            found = [item for item in found if item.schema in homes]
        return found[0] if found else None

    def _doubt(self, item: _Pending) -> tuple[str, str]:
        """Reasons not to call a missing name a mistake."""
        catalog, ref = self.catalog, item.ref
        if item.late and not ref.schema and sets_path(item.where.statement):
            return "unsure", "the function sets search_path itself"
        if item.late and ref.kind == "relation" and self._of_temporary(item):
            return "unsure", "it belongs to a temporary table"
        if item.late and _handled(item):
            return "unsure", "the body handles its absence"
        if item.late and ref.kind == "relation" and _made_inside(item):
            return "unsure", "the body makes it, or gives it that name"
        if item.late and ref.kind == "relation" and _asked_for(item):
            return "unsure", "the block asks first what there is"
        schemas = (ref.schema,) if ref.schema else (*item.path, *catalog.default_path)
        existed = any((schema, ref.name) in catalog.ever for schema in schemas)
        if not existed and not catalog.path_declared:
            # Schemas are renamed, and search_path may have led elsewhere: the name alone must do.
            existed = ref.name in self._names_ever()
        if existed and (item.source is None or not item.late):
            return "unsure", "it existed and was dropped or renamed"
        if ref.kind == "function" and not catalog.postgres_declared:
            since = catalog.builtin.function_since(ref.name, ref.arguments if ref.arguments >= 0 else None)
            if since is not None and since > catalog.builtin.major:
                return "external", f"PostgreSQL {since}"
        if ref.kind == "relation" and self._is_partition(ref, schemas):
            return "unsure", "it looks like a partition that is created dynamically"
        if (
            ref.kind == "function"
            and ref.schema in ("", "pg_catalog")
            and catalog.builtin.has_function(ref.name)
        ):
            return "arguments", ""
        return "missing", self._newer(ref)

    def _of_temporary(self, item: _Pending) -> bool:
        """Whether it is a sequence that the body makes itself, or one of a temporary table's column."""
        name = item.ref.name
        body = getattr(item.where.statement.fact, "body", None)
        if body is not None and any(
            type(statement.fact) is f.CreateSequence and statement.fact.name == name
            for statement in body.statements
        ):
            return True
        return name.endswith("_seq") and any(name.startswith(f"{table}_") for table in self.catalog.temporary)

    def _names_ever(self) -> frozenset[str]:
        if self._ever_names is None:
            self._ever_names = frozenset(name for _, name in self.catalog.ever)
        return self._ever_names

    def _newer(self, ref: Ref) -> str:
        if ref.kind != "function":
            return ""
        since = self.catalog.builtin.function_since(ref.name, ref.arguments if ref.arguments >= 0 else None)
        return f"new in PostgreSQL {since}" if since is not None else ""

    def _is_partition(self, ref: Ref, schemas: tuple[str, ...]) -> bool:
        """Whether a name is that of a partitioned table with a suffix."""
        name = ref.name
        while "_" in name:
            name = name.rpartition("_")[0]
            for schema in schemas:
                table = self.catalog.relations.get((schema, name))
                if isinstance(table, Table) and table.partition_strategy:
                    return True
        return False

    def _reason(self, ref: Ref, path: tuple[str, ...]) -> tuple[str, str]:
        catalog = self.catalog
        if templated(ref.schema) or templated(ref.name):
            return "unsure", "a placeholder stands in the name"
        name = f"{ref.schema or (path[0] if path else 'public')}.{ref.name}"
        if self.external(name):
            return "external", "declared"
        extension = self._extension(ref)
        if extension:
            return "external", f"extension {extension}"
        if ref.kind == "relation" and ref.name in _OF_MIGRATION_TOOLS:
            return "external", "the migration tool makes it"
        if ref.kind == "function" and catalog.overloads(ref.schema, ref.name, path):
            return "arguments", ""
        if ref.kind == "relation" and ref.schema in ("pg_catalog", "information_schema"):
            since = catalog.builtin.relation_since(ref.schema, ref.name)
            return ("missing", "") if since is None else ("external", f"PostgreSQL {since}")
        if ref.schema and not self._own_schema(ref.schema):
            return "external", f"schema {ref.schema} is not part of the tree"
        return "missing", ""

    def _extension(self, ref: Ref) -> str:
        builtin = self.catalog.builtin
        if ref.kind == "function":
            found = builtin.extension_providing_function(ref.name)
            if found and builtin.has_function(ref.name):
                # The name alone is PostgreSQL's own: an extension must have an overload for this call.
                found = tuple(name for name in found if _extends(builtin.extension(name), ref))
            return " or ".join(found)
        if ref.kind == "type":
            return " or ".join(builtin.extension_providing_type(ref.name))
        return " or ".join(builtin.extension_providing_relation(ref.name))

    def _own_schema(self, schema: str) -> bool:
        """Whether the tree creates anything in `schema`."""
        catalog = self.catalog
        return (
            schema in catalog.schemas
            or any(key[0] == schema for key in catalog.relations)
            or any(key[0] == schema for key in catalog.functions)
            or any(key[0] == schema for key in catalog.types)
        )

    def is_external(self, target: f.ObjectPath) -> bool:
        """Whether an object path leads out of the tree."""
        parts = target.parts
        if any(map(templated, parts)):
            return True
        schema = parts[-2] if len(parts) > 1 else ""
        if schema and not self._own_schema(schema):
            return True
        return self.external(f"{schema or 'public'}.{parts[-1]}")


def own_path(fact: f.CreateFunction) -> tuple[str, ...]:
    """The search_path a function sets for itself with SET; empty if it sets none."""
    for name, value in fact.settings:
        if name == "search_path":
            names = (part.strip().strip('"') for part in value.split(","))
            return tuple(name for name in names if name and name not in ("$user", "pg_temp", "pg_catalog"))
    return ()


def sets_path(statement: f.Statement) -> bool:
    """Whether a function changes search_path while it runs, so that unqualified names cannot be told."""
    body = getattr(statement.fact, "body", None)
    if body is None:
        return False
    if any(type(s.fact) is f.SetVariable and s.fact.name == "search_path" for s in body.statements):
        return True
    calls = (ref for ref in body.refs if ref.kind == "function" and ref.name == "set_config")
    return any(ref.text == "search_path" for ref in calls) or any(
        ref.name == "current_setting" and ref.text == "search_path" for ref in body.refs
    )


def _extends(extension: ExtensionContents | None, ref: Ref) -> bool:
    return extension is not None and any(
        function.name == ref.name and (ref.arguments < 0 or function.accepts(ref.arguments))
        for function in extension.functions
    )


def _handled(item: _Pending) -> bool:
    """Whether the body that names it has a handler for the case that it is missing."""
    body = getattr(item.where.statement.fact, "body", None)
    wanted = _CONDITIONS.get(item.ref.kind, "undefined_object")
    return body is not None and any(wanted in handler.conditions for handler in body.handlers)


def _asked_for(item: _Pending) -> bool:
    """Whether a DO block that names it asks the system catalogs: what it finds there decides what it does."""
    fact = item.where.statement.fact
    if type(fact) is not f.DoBlock or fact.body is None:
        return False
    return any(
        (ref.kind == "relation" and (ref.schema == "information_schema" or ref.name.startswith("pg_")))
        or (ref.kind == "function" and ref.name.startswith("to_reg"))
        for ref in fact.body.refs
    )


def _made_inside(item: _Pending) -> bool:
    """Whether the body that names a relation makes it before, or renames another to it."""
    body = getattr(item.where.statement.fact, "body", None)
    made = (statement.fact for statement in body.statements) if body is not None else ()
    return any(
        (type(fact) is f.Rename and not fact.part and fact.new == item.ref.name)
        or (type(fact) in (f.CreateTable, f.CreateView) and getattr(fact, "name", "") == item.ref.name)
        for fact in made
    )


_OF_MIGRATION_TOOLS = frozenset(
    {"databasechangelog", "databasechangeloglock", "flyway_schema_history", "schema_version", "schema_migrations",
     "ar_internal_metadata", "alembic_version", "django_migrations", "_prisma_migrations", "goose_db_version",
     "gorp_migrations", "__diesel_schema_migrations", "_sqlx_migrations", "__drizzle_migrations", "knex_migrations",
     "knex_migrations_lock", "pgmigrations", "play_evolutions", "atlas_schema_revisions", "_yoyo_migration"}
)  # fmt: skip
"""Tables in which migration tools keep what has been applied."""

_CONDITIONS = {"relation": "undefined_table", "function": "undefined_function"}


def _accepts(item: Function | Generic | Extension, ref: Ref) -> bool:
    if not isinstance(item, Function):
        return True
    if ref.names:
        inputs = item.fact.inputs
        return _fits_names(ref, [a.name for a in inputs], [a.default for a in inputs])
    return item.accepts(ref.arguments)


def _fits_names(ref: Ref, parameters: list[str], defaults: list[bool]) -> bool:
    """Whether a call by name gives every parameter once, or has a default for it (func_get_detail, MatchNamedCall)."""
    given = set(ref.names)
    if ref.arguments < 0:
        return given.issubset(parameters)
    positional = ref.arguments - len(ref.names)
    rest = parameters[positional:]
    if positional > len(parameters) or len(given) < len(ref.names) or not given.issubset(rest):
        return False
    return all(name in given or default for name, default in zip(rest, defaults[positional:], strict=True))


def _best(fitting: list[Any], ref: Ref) -> Any:
    """The overload that a call means, as far as it can be told without the types of its arguments.

    VARIADIC asks for a variadic one, anything else rather for one that is not; a string constant goes to text
    (parse_func.c, func_select_candidate: the string category is preferred for unknown literals).
    """
    if len(fitting) == 1:
        return fitting[0]

    def rank(item: Any) -> tuple[bool, bool]:
        inputs = item.fact.inputs if isinstance(item, Function) else ()
        variadic = any(argument.mode == "v" for argument in inputs)
        wrong = bool(ref.text) and bool(inputs) and inputs[0].type.name not in _STRINGS
        return variadic is not (ref.arguments < 0 and ref.use == "call"), wrong

    return min(fitting, key=rank)


_STRINGS = frozenset({"text", "varchar", "bpchar", "name", "citext"})


def templated(name: str) -> bool:
    """Whether a placeholder stands in a name."""
    return _PLACEHOLDER.search(name) is not None


_PLACEHOLDER = re.compile(r"[{@:%<]|\$\(")


def _range_constructor(ref: Ref, catalog: Catalog, path: tuple[str, ...]) -> bool:
    found = catalog.type(ref.schema, ref.name, path)
    return found is not None and found.form == "range"


_PSEUDO_TYPES = frozenset({"record", "trigger", "event_trigger", "void", "any", "anyelement", "anyarray", "cstring",
                           "internal", "language_handler", "fdw_handler", "setof", "unknown"})  # fmt: skip

_REPLACEABLE = (f.CreateFunction, f.CreateView)
"""What CREATE OR REPLACE gives a new definition."""

_OTHERS = frozenset({"foreign server", "foreign data wrapper", "collation", "operator"})

_GRAMMAR_FUNCTIONS = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_role", "current_user",
     "user", "session_user", "current_catalog", "current_schema", "grouping", "xmlelement", "xmlforest", "coalesce",
     "nullif", "greatest", "least", "overlay", "position", "substring", "trim", "btrim", "extract", "date_part",
     "json_object", "json_array", "json_scalar", "json_serialize", "merge_action"}
)  # fmt: skip
"""Spelt like functions, made by the grammar."""
