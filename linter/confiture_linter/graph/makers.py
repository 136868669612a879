"""What the files of a tree make, by name: whatever order they are replayed in, and even if it is dropped again."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from confiture_linter.catalog import Catalog, Entity, SourceStatement
from confiture_linter.catalog.constraint_names import constraint_name, object_name
from confiture_linter.graph.executed import Executed, Executions, meant
from confiture_linter.graph.precedence import Precedence
from confiture_linter.model import Span
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref, Statement

Pair = tuple[str, str]
"""The first file comes after the second."""

Key = tuple[str, str]
"""Family (`relation`, `routine`, `type`, `schema`, `role`, …) and name; of a column, its table and its name."""


class Made(Entity):
    """Something that a file makes, as the target of an edge."""

    __slots__ = ("_identity", "kind")

    def __init__(self, kind: str, schema: str, name: str, path: str, span: Span) -> None:
        super().__init__(path, span)
        self.kind = kind
        self._identity = f"{schema}.{name}" if schema else name

    @property
    def identity(self) -> str:
        """Its name as it was written."""
        return self._identity


class Maker(NamedTuple):
    """One statement that makes something."""

    path: str
    number: int
    """Rank of the statement in the tree as it was replayed."""
    schema: str
    kind: str
    name: str
    where: SourceStatement
    again: bool = False
    """Whether it may exist already: OR REPLACE, IF NOT EXISTS, made inside DO."""

    def entity(self) -> Made:
        """The thing it makes."""
        statement = self.where.statement
        return Made(self.kind, self.schema, self.name, self.path, Span(statement.start, statement.end))


class Step(NamedTuple):
    """A statement, or one inside a body that runs, in the order of replay."""

    number: int
    where: SourceStatement
    statement: Statement
    inside: bool
    """Whether it stands in a DO block, or in a function that is called, where it may or may not run."""
    body: SourceStatement | None = None
    """Whose body runs with it: its own, if it is a DO block, or that of the function it calls."""
    sure: bool = True
    """Whether it is run in any case, if there is no error."""
    at: int = -1
    """Where in the body it stands, or is reached from; -1 if that is not known."""


def steps(catalog: Catalog) -> Iterator[Step]:
    """All statements that run when the tree is built."""
    functions: dict[str, list[SourceStatement]] = {}
    for where in catalog.statements:
        if type(where.statement.fact) is f.CreateFunction:
            functions.setdefault(where.statement.fact.name, []).append(where)
    executions = Executions(functions)
    for number, where in enumerate(catalog.statements):
        body = _run_by(where, functions)
        yield Step(number, where, where.statement, False, body)
        for inner in _executed(where, body, executions):
            yield Step(number, where, inner.statement, True, None, inner.sure, inner.at)


def _run_by(where: SourceStatement, functions: dict[str, list[SourceStatement]]) -> SourceStatement | None:
    """Whose body runs with a statement, if it is known."""
    fact = where.statement.fact
    if type(fact) is f.DoBlock:
        return where if fact.body is not None else None
    for call in fact.calls if type(fact) is f.Execute and functions else ():
        found = meant(functions, call, where)
        if found is not None:
            return found if getattr(found.statement.fact, "body", None) is not None else None
    return None


def _executed(
    where: SourceStatement, body: SourceStatement | None, executions: Executions
) -> Iterable[Executed]:
    """What runs inside."""
    if body is None:
        return ()
    fact, inner = where.statement.fact, body_of(body)
    if type(fact) is f.Execute:
        return executions.calls(where, fact.calls)
    if inner.script:
        return executions.block(where, inner)
    return (
        Executed(statement, inner.surely(statement.start), statement.start)
        for statement in sorted(inner.statements, key=lambda each: each.start)
    )


def body_of(where: SourceStatement) -> f.Body:
    """The body of a DO block, or of a function."""
    fact: Any = where.statement.fact
    body: f.Body = fact.body
    return body


class Makers:
    """Who makes what."""

    def __init__(self, all_steps: Iterable[Step], known: Precedence | None = None) -> None:
        self.known = known or Precedence()
        self.by_key: dict[Key, list[Maker]] = {}
        self.columns: dict[Key, list[Maker]] = {}
        """Columns that ALTER TABLE adds, or renames to."""
        self._dropping: set[tuple[str, str]] = set()
        """Files, and the names of what they drop: what is made again was made elsewhere before."""
        for step in all_steps:
            if type(step.statement.fact) is f.Drop:
                for target in step.statement.fact.targets:
                    self._dropping.update((step.where.path, name) for name in target.parts[-1:])
            for family, schema, name, kind, again in made(step.statement.fact):
                maker = Maker(
                    step.where.path, step.number, schema, kind, name, step.where, again or step.inside
                )
                store = self.columns if kind == "column" else self.by_key
                store.setdefault((family, name), []).append(maker)

    def of(self, family: str, schema: str, name: str) -> list[Maker]:
        """All makers of a name; one written without a schema fits any."""
        found = self.by_key.get((family, name))
        if not found:
            return []
        return [maker for maker in found if not schema or not maker.schema or maker.schema == schema]

    def of_ref(self, ref: Ref) -> list[Maker]:
        """All makers of what a mention may mean."""
        if ref.kind == "function":
            return self.of("routine", ref.schema, ref.name)
        found = self.of(ref.kind, ref.schema, ref.name)
        if not found and ref.kind == "type":
            found = self.of("relation", ref.schema, ref.name)
        return found

    def originals(self, makers: Iterable[Maker], path: str) -> list[Maker]:
        """Makers as `path` may have meant them, the likeliest first.

        Who is said to come after `path` is not meant. Before others go those said to come before it, those that
        no other one is said to precede, and those that make something anew: OR REPLACE may come second, and who
        drops something first comes second.
        """
        makers = list(makers)
        if len(makers) < 2:
            return makers
        possible = [maker for maker in makers if path not in self.known.earlier(maker.path)] or makers
        before = self.known.earlier(path)
        paths = {maker.path for maker in possible}
        return sorted(
            possible,
            key=lambda maker: (
                maker.path not in before,
                (maker.path, maker.name) in self._dropping,
                bool(self.known.earlier(maker.path) & paths),
                maker.again,
            ),
        )

    def first(self, path: str, makers: Sequence[Maker]) -> Iterator[Pair]:
        """That `path` comes after the maker it means, unless it is one itself."""
        if makers and all(maker.path != path for maker in makers):
            yield path, self.originals(makers, path)[0].path


def of_kind(makers: list[Maker], kind: str) -> list[Maker]:
    """Those that make a relation of this kind, where some do: a view may take the name of a table that is dropped."""
    return [maker for maker in makers if maker.kind == kind] or makers


def made(fact: f.Fact) -> "_Made":
    """What a statement makes: family, schema, name, kind, and whether it may exist already."""
    read = _MADE.get(type(fact))
    if read is not None:
        yield from read(fact)


_Made = Iterator[tuple[str, str, str, str, bool]]


def _table(fact: f.CreateTable) -> _Made:
    if fact.persistence != "t":
        yield "relation", fact.schema, fact.name, "table", fact.if_not_exists
        for column in fact.columns:
            yield from _sequence(fact.schema, fact.name, column)
        yield from _constraints(fact.name, fact.constraints)


def _sequence(schema: str, table: str, column: f.ColumnFact) -> _Made:
    """That of a serial or identity column."""
    if column.serial or column.identity:
        yield "relation", schema, object_name(table, column.name, "seq"), "sequence", True


def _constraints(table: str, constraints: Iterable[f.ConstraintFact]) -> _Made:
    for constraint in constraints:
        if constraint.name or constraint.kind != "not null":
            name = constraint_name(table, constraint, lambda taken: False)
            yield f"constraint of {table}", "", name, "constraint", not constraint.name
            if constraint.kind in ("primary key", "unique", "exclude"):
                yield "relation", "", name, "index", True


def index_name(fact: f.CreateIndex, table: str, number: int = 0) -> str:
    """What PostgreSQL calls an index that nobody named."""
    label = "_".join(column.name or column.label or "expr" for column in fact.columns)
    return object_name(table, label, f"idx{number or ''}")


def _view(fact: f.CreateView) -> _Made:
    if fact.persistence != "t":
        yield "relation", fact.schema, fact.name, "view", fact.replace or fact.if_not_exists


def _alter(fact: f.AlterTable) -> _Made:
    for command in fact.commands:
        if command.kind == "AddColumn" and command.column is not None:
            yield fact.name, fact.schema, command.column.name, "column", command.missing_ok
            yield from _sequence(fact.schema, fact.name, command.column)
        elif command.kind == "AddIdentity":
            name = object_name(fact.name, command.name, "seq")
            yield "relation", fact.schema, name, "sequence", True
        yield from _constraints(fact.name, command.constraints)


def _rename(fact: f.Rename) -> _Made:
    parts = fact.target.parts
    schema = parts[-2] if len(parts) > 1 else ""
    if fact.kind == "column" and parts:
        yield parts[-1], schema, fact.new, "column", False
    elif fact.kind in ("table constraint", "trigger", "policy", "rule") and parts:
        part = fact.kind.removeprefix("table ")
        yield f"{part} of {parts[-1]}", "", fact.new, part, False
    elif family := FAMILIES.get(fact.kind):
        yield family, schema, fact.new, fact.kind, False


def _set_schema(fact: f.SetSchema) -> _Made:
    if (family := FAMILIES.get(fact.target.kind)) and fact.target.parts:
        yield family, fact.schema, fact.target.parts[-1], fact.target.kind, False


def _other(fact: f.CreateOther) -> _Made:
    if fact.kind == "aggregate":
        yield "routine", fact.schema, fact.name, "aggregate", False
    elif fact.kind == "rule":
        yield f"rule of {fact.name}", "", dict(fact.options).get("name", ""), "rule", False
    else:
        yield fact.kind, fact.schema, fact.name, fact.kind, fact.if_not_exists


FAMILIES = {
    **dict.fromkeys(
        ("table", "view", "materialized view", "sequence", "index", "foreign table", "relation"), "relation"
    ),
    **dict.fromkeys(("function", "procedure", "routine", "aggregate"), "routine"),
    **dict.fromkeys(("type", "domain"), "type"),
    **dict.fromkeys(
        ("schema", "role", "extension", "operator", "operator class", "operator family", "collation", "statistics",
         "publication", "foreign server", "foreign data wrapper", "event trigger", "language", "cast"), ""
    ),
}  # fmt: skip
FAMILIES.update({kind: kind for kind, family in FAMILIES.items() if not family})
"""Kind of object to family of names; what has none of its own belongs to a table or is not tracked."""

_MADE: dict[type, Any] = {
    f.CreateTable: _table,
    f.CreateView: _view,
    f.CreateSequence: lambda fact: (
        () if fact.alter else (("relation", fact.schema, fact.name, "sequence", fact.if_not_exists),)
    ),
    f.CreateIndex: lambda fact: (
        (
            "relation",
            fact.schema,
            fact.name or index_name(fact, fact.table),
            "index",
            fact.if_not_exists or not fact.name,
        ),
    ),
    f.CreateType: lambda fact: (("type", fact.schema, fact.name, "type", False),),
    f.CreateFunction: lambda fact: (("routine", fact.schema, fact.name, "function", fact.replace),),
    f.CreateTrigger: lambda fact: ((f"trigger of {fact.table}", "", fact.name, "trigger", fact.replace),),
    f.CreatePolicy: lambda fact: (
        () if fact.alter else ((f"policy of {fact.table}", "", fact.name, "policy", False),)
    ),
    f.CreateSchema: lambda fact: (("schema", "", fact.name, "schema", fact.if_not_exists),),
    f.CreateExtension: lambda fact: (("extension", "", fact.name, "extension", True),),
    f.CreateRole: lambda fact: () if fact.alter else (("role", "", fact.name, "role", False),),
    f.CreateOther: _other,
    f.AlterTable: _alter,
    f.Rename: _rename,
    f.SetSchema: _set_schema,
}

__all__ = [
    "FAMILIES",
    "Key",
    "Made",
    "Maker",
    "Makers",
    "Pair",
    "Step",
    "body_of",
    "index_name",
    "made",
    "of_kind",
    "steps",
]
