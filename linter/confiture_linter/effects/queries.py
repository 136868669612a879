"""SELECT, INSERT, UPDATE, DELETE, MERGE: locks on what is named, and on what stands behind it.

A view locks what it reads, a table its children and partitions as far as the planner cannot exclude them, a
written table what its foreign keys check. Functions are followed into their bodies.
"""

from collections.abc import Iterable

from confiture_linter.catalog import Function, Sequence, Shapes, Table, View
from confiture_linter.effects.account import Account, Refused, Relation
from confiture_linter.effects.implication import admits, fits_another
from confiture_linter.effects.objects import (
    ancestors,
    family,
    find,
    foreign_keys_of,
    indexes_of,
    is_temporary,
    missing,
    owned_sequences,
    target_of,
    written,
)
from confiture_linter.effects.pruning import pruned
from confiture_linter.effects.row_checks import check_references, touch
from confiture_linter.effects.values import LockMode
from confiture_linter.effects.volatility import GRAMMAR
from confiture_linter.statements.facts import DEFAULT, Query, Ref, Source

_AS = LockMode.ACCESS_SHARE
_RS = LockMode.ROW_SHARE
_RX = LockMode.ROW_EXCLUSIVE
_WRITES = frozenset({"insert", "update", "delete", "merge"})


class Reading:
    """How queries are looked at: run, planned only, or kept as a definition."""

    def __init__(
        self,
        account: Account,
        *,
        planned: bool = True,
        scan: bool = False,
        rewritten: bool = True,
        executed: bool = True,
    ) -> None:
        self.account = account
        self.planned = planned
        """Whether they are planned, so that children and partitions are opened."""
        self.scan = scan
        self.executed = executed
        """Whether rows are written, so that foreign keys are checked and triggers run."""
        self.rewritten = rewritten
        """Whether views are expanded; CREATE VIEW keeps them as they are."""
        self.views: set[tuple[int, LockMode]] = set()

    def queries(self, queries: Iterable[Query]) -> None:
        """A list of queries."""
        for query in queries:
            self.query(query, None)

    def query(self, query: Query, locking: LockMode | None) -> None:
        """One query level and those inside it; `locking` comes from FOR UPDATE around it."""
        if query.target is not None:
            self._target(query)
        named = query.locking
        for source in query.sources:
            mode = locking
            if named is not None and (not named or source.alias in named):
                mode = _RS
            if source.kind == "relation":
                self._read(source, query, mode or _AS)
        inherited = {source.query for source in query.sources if source.kind == "query"}
        for number, child in enumerate(query.children):
            passed = locking if number in inherited else None
            if number in inherited and named is not None:
                aliases = [source.alias for source in query.sources if source.query == number]
                passed = _RS if not named or any(alias in named for alias in aliases) else passed
            self.query(child, passed)

    # -- reading -----------------------------------------------------------------------------------

    def _read(self, source: Source, query: Query, mode: LockMode) -> None:
        account = self.account
        found = find(account, source.schema, source.name)
        if found is None:
            self._missing(source, mode)
            return
        account.lock(found, mode)
        if isinstance(found, View):
            if self.rewritten and not found.materialized:
                self.view(found, mode)
            elif found.materialized and self.scan:
                account.scan(found)
        elif isinstance(found, Table):
            account.lock_all(self._parts(found, query, source), mode)
            if self.scan and not found.partition_strategy:
                account.scan(found)
            elif self.scan:
                for part in family(found):
                    account.scan(part)

    def view(self, view: View, mode: LockMode) -> None:
        """The relations a view reads, locked as the view is."""
        if (id(view), mode) in self.views:
            return
        self.views.add((id(view), mode))
        for query in view.statement.queries:
            self.query(query, None if mode is _AS else mode)

    def _missing(self, source: Source, mode: LockMode) -> None:
        if is_temporary(self.account, source.schema, source.name):
            return
        self.account.lock(written(self.account, source.schema, source.name), mode)
        missing(self.account, source.schema, source.name)

    def _parts(self, table: Table, query: Query, source: Source) -> list[Table]:
        """Children and partitions that the planner cannot leave out."""
        if source.only or not self.planned:
            return []
        alone = len(query.sources) + (query.target is not None) == 1
        given = [
            item
            for item in query.comparisons
            if item.column.qualifier == source.alias or (not item.column.qualifier and alone)
        ]
        return pruned(table, given)

    # -- writing -----------------------------------------------------------------------------------

    def _target(self, query: Query) -> None:
        account = self.account
        target = query.target
        if target is None:
            return
        found = find(account, target.schema, target.name)
        if found is None:
            self._missing(target, _RX)
            return
        account.lock(found, _RX)
        _refuse_columns(account, found, query)
        if isinstance(found, View):
            if found.materialized:
                raise Refused(f'cannot change materialized view "{found.name}"')
            self._through(found, query)
            return
        if isinstance(found, Sequence):
            raise Refused(f'cannot change sequence "{found.name}"')
        if not isinstance(found, Table):
            return
        if query.command == "insert":
            _refuse_conflict(account, found, query)
            parts = self._routed(found, query)
        else:
            parts = self._parts(found, query, target)
            if query.command in ("update", "merge"):
                parts += [part for part in self._moved(found, query) if part not in parts]
        account.lock_all(parts, _RX)
        if not self.executed:
            return
        if query.command == "merge" and found.rules:
            raise Refused(f'cannot execute MERGE on relation "{found.name}"')
        for table in (found, *parts):
            if not table.partition_strategy:
                for command in query.actions if query.command == "merge" else (query.command,):
                    check_references(account, table, query._replace(command=command))
        if query.command == "insert":
            _draw(account, found, query)
        if query.command in ("insert", "update"):
            # A partition that is named checks the bounds of all above it.
            account.lock_all(ancestors(found), _AS)
        run_triggers(account, found, query.command)

    def _through(self, view: View, query: Query) -> None:
        """Writing through a simple view writes its table; INSTEAD OF triggers do it themselves."""
        if any(trigger.fact.timing == "instead of" for trigger in view.triggers):
            run_triggers(self.account, view, query.command)
            if query.command != "insert":
                self.view(view, _AS)
            return
        inner = view.query
        sources = inner.sources if inner is not None else ()
        if (
            inner is None
            or len(sources) != 1
            or sources[0].kind != "relation"
            or inner.grouped
            or inner.command != "select"
        ):
            raise Refused(f'cannot {query.command} into view "{view.name}"')
        self._target(query._replace(target=sources[0]))
        for child in inner.children:
            self.query(child, None)

    def _routed(self, table: Table, query: Query) -> list[Table]:
        """The partitions an INSERT may go to: one if it gives a constant, else any."""
        if not table.partition_strategy or not self.planned:
            return []
        key = table.fact.partition_key
        names = [use.name for use in query.target_columns] or list(table.columns)
        values = dict(zip(names, query.assigned, strict=False))
        value = values.get(key[0]) if len(key) == 1 else None
        candidates = []
        for part in table.partitions:
            strategy = part.bound.strategy if part.bound is not None else ""
            if value is None or strategy == "default" or admits(key, part.bound, key[0], "=", value):
                candidates.append(part)
        if value is not None and fits_another(key, (part.bound for part in table.partitions), key[0], value):
            candidates = [p for p in candidates if p.bound is not None and p.bound.strategy != "default"]
        found = []
        for part in candidates:
            found += [part, *self._routed(part, query)]
        return found

    def _moved(self, table: Table, query: Query) -> list[Table]:
        """The partitions an UPDATE of the key may move rows to."""
        key = table.fact.partition_key
        names = [use.name for use in query.target_columns]
        if not table.partition_strategy or not set(key) & set(names):
            return []
        row = dict(zip(names, query.assigned, strict=False))
        if any(row.get(name) is None for name in key):
            self.account.note("ROW EXCLUSIVE on the partitions that rows move to")
            return []
        return self._routed(
            table,
            query._replace(
                target_columns=query.target_columns, assigned=tuple(row.get(name) for name in names)
            ),
        )


def _refuse_columns(account: Account, found: Relation, query: Query) -> None:
    """Columns that INSERT lists and UPDATE sets must be there."""
    if query.command not in ("insert", "update") or not isinstance(found, Table | View):
        return
    shape = Shapes(account.catalog).relation(found)
    if shape is None:
        return
    for use in query.target_columns:
        if use.name not in shape:
            raise Refused(f'column "{use.name}" of relation "{found.name}" does not exist')


def _refuse_conflict(account: Account, table: Table, query: Query) -> None:
    """ON CONFLICT needs a unique index over exactly its columns (infer_arbiter_indexes)."""
    wanted = query.conflict
    if not wanted or "" in wanted or table.unknown_columns:
        return
    constraints = [c for owner in (table, *ancestors(table)) for c in owner.constraints]
    if wanted[0].startswith("\0"):
        name = wanted[0][1:]
        if not any(c.name == name for c in constraints) and table.partition_of is None:
            raise Refused(f'constraint "{name}" for table "{table.name}" does not exist')
        return
    unique = [view for view in indexes_of(account.catalog, table) if view.unique]
    # An expression or a condition may be what the conflict target says besides its columns.
    if not any(view.computed or set(view.columns) == set(wanted) for view in unique):
        raise Refused("there is no unique or exclusion constraint matching the ON CONFLICT specification")


# -- triggers and defaults ---------------------------------------------------------------------------


def _draw(account: Account, table: Table, query: Query) -> None:
    """Sequences behind the columns that an INSERT leaves to their default."""
    listed = [use.name for use in query.target_columns]
    given = listed or list(table.columns)[: max(query.rows, default=len(table.columns))]
    values = dict(zip(given, query.assigned, strict=False))
    for column in table.columns.values():
        if column.name in given and values.get(column.name) != DEFAULT:
            continue
        if column.identity_kind or (column.serial):
            owner = column.table
            account.lock_all(owned_sequences(account.catalog, owner, column.name), _RX)
        if column.default is not None and not column.generated:
            run_calls(account, column.default.refs)


def run_triggers(account: Account, relation: Table | View, command: str) -> None:
    """Triggers run their functions."""
    for trigger in relation.triggers:
        if (command in trigger.fact.events or command == "merge") and trigger.function is not None:
            run_function(account, trigger.function)


# -- functions ---------------------------------------------------------------------------------------


def run_calls(account: Account, refs: Iterable[Ref]) -> None:
    """Functions that are called, with the sequences that nextval and its kin write."""
    catalog = account.catalog
    for ref in refs:
        if ref.kind != "function" or ref.use != "call":
            continue
        if ref.name in ("nextval", "setval", "currval") and ref.schema in ("", "pg_catalog") and ref.text:
            schema, _, name = ref.text.replace('"', "").rpartition(".")
            found = catalog.relation(schema, name)
            if isinstance(found, Sequence):
                account.lock(found, _RX)
            continue
        if ref.name == "lastval":
            continue
        group = catalog.overloads(ref.schema, ref.name)
        if not group and not _built_in(account, ref):
            account.unsure(f"what {ref.schema + '.' if ref.schema else ''}{ref.name}() does")
        for function in group:
            if isinstance(function, Function) and function.accepts(ref.arguments):
                run_function(account, function)
                break


def _built_in(account: Account, ref: Ref) -> bool:
    builtin = account.catalog.builtin
    return (
        ref.schema in ("pg_catalog", "information_schema")
        or builtin.has_function(ref.name)
        or ref.name in GRAMMAR
        or bool(builtin.extension_providing_function(ref.name))
        or (
            ref.arguments == 1
            and (builtin.has_type(ref.name) or account.catalog.type(ref.schema, ref.name) is not None)
        )
    )


def run_function(account: Account, function: Function) -> None:
    """What a function does when it is called, as far as its body shows."""
    body = function.fact.body
    if id(function) in account.running:
        return
    account.running.add(id(function))
    if body is None:
        if function.language not in ("internal", "c"):
            account.unsure(f"what {function.identity}() does")
        return
    if body.problem:
        account.unsure(f"what {function.identity}() does: its body cannot be read")
        return
    if body.dynamic:
        account.unsure(f"what {function.identity}() runs by EXECUTE")
    inner = Account(account.catalog, account.postgres)
    inner.running = account.running
    run_body_queries(inner, body.queries, body.refs)
    for name, mode in inner.locks.items():
        account.lock(name, mode)
    account.unknown.update(inner.unknown)
    if body.statements and any(
        type(statement.fact).__name__ not in _HARMLESS for statement in body.statements
    ):
        account.unsure(f"which of the statements in {function.identity}() run")


_HARMLESS = frozenset({"SetVariable", "Execute"})


def run_body_queries(
    account: Account, queries: Iterable[Query], refs: Iterable[Ref], *, scan: bool = False
) -> None:
    """Queries of a body; variables may look like relations that are not there, so nothing is refused."""
    reading = Reading(account, scan=scan)
    for query in queries:
        try:
            reading.query(query, None)
        except Refused as refused:
            account.unsure(refused.message)
    run_calls(account, refs)


def read_view(
    account: Account,
    view: View,
    mode: LockMode,
    *,
    body_only: bool = False,
    everywhere: bool = False,
    scan: bool = False,
) -> None:
    """Lock a view and what it reads; `everywhere` gives all of it the same mode, as LOCK TABLE does."""
    if not body_only:
        account.lock(view, mode)
    reading = _Locking(account, mode) if everywhere else Reading(account, scan=scan)
    reading.view(view, mode if everywhere else _AS)
    run_calls(account, view.statement.refs) if body_only else None


class _Locking(Reading):
    """LOCK TABLE of a view: the same lock on every relation in it."""

    def __init__(self, account: Account, mode: LockMode) -> None:
        super().__init__(account)
        self.mode = mode

    def _read(self, source: Source, query: Query, mode: LockMode) -> None:
        super()._read(source, query._replace(comparisons=()), self.mode)


def check_copied(account: Account, table: Table, columns: tuple[str, ...]) -> None:
    """COPY … FROM writes like an INSERT of unknown rows."""
    for part in family(table, only=not table.partition_strategy):
        account.lock(part, _RX)
    given = set(columns)
    for constraint in foreign_keys_of(table):
        if not given or set(constraint.columns) & given:
            touch(account, target_of(account.catalog, constraint), _RS)
    run_triggers(account, table, "insert")
