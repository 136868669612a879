"""A query level while it is being walked."""

from confiture_linter.statements.facts import (
    Call,
    ColumnUse,
    Comparison,
    Equality,
    FieldUse,
    Output,
    Query,
    Source,
    Term,
)


class Level:
    """What is noted of it; `Query` is what becomes of it."""

    __slots__ = (
        "actions", "assigned", "bound", "bound_columns", "calls", "children", "columns", "comparisons", "conditions", "conflict",
        "conflict_at", "conflict_columns", "equalities", "evaluated", "fields", "grouped", "insert_query", "listed", "literals", "locking", "natural", "numbers", "ordered_from", "outputs",
        "parent",        "returning", "rows", "selected", "sources", "target", "target_columns", "using",
    )  # fmt: skip

    def __init__(self, parent: "Level | None") -> None:
        self.parent = parent
        self.sources: list[Source] = []
        self.outputs: list[Output] = []
        self.returning: list[Output] = []
        self.columns: list[ColumnUse] = []
        self.conditions: list[ColumnUse] = []
        self.literals: list[ColumnUse] = []
        self.equalities: list[Equality] = []
        self.using: list[str] = []
        self.natural = False
        self.grouped = False
        self.target: Source | None = None
        self.target_columns: list[ColumnUse] = []
        self.rows: set[int] = set()
        self.conflict: tuple[str, ...] | None = None
        self.conflict_at = -1
        self.conflict_columns: tuple[ColumnUse, ...] = ()
        self.fields: tuple[FieldUse, ...] = ()
        self.ordered_from = -1
        self.selected: tuple[tuple[ColumnUse, int], ...] = ()
        self.listed: tuple[Term, ...] = ()
        self.evaluated: list[Term] = []
        self.calls: list[Call] = []
        self.insert_query = -1
        self.children: list[Query] = []
        self.numbers: dict[int, int] = {}
        """Identity of a sub-query's node to its index in `children`."""
        self.comparisons: list[Comparison] = []
        self.assigned: list[str | None] = []
        self.actions: list[str] = []
        self.locking: list[str] | None = None
        self.bound_columns: list[tuple[str, ...]] = []
        self.bound: dict[str, int] = {}
        """CTE name to its index in `children` (-1 while a recursive one is walked)."""
