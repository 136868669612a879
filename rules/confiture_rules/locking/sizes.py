"""How large tables are: by the snapshot of the database, or by what the configuration declares."""

from collections.abc import Mapping

from confiture_linter.engine.context import Context, compile_object_globs
from confiture_linter.risk import RelationSize

GIGABYTE = 10**9


class Sizes:
    """Sizes by `schema.name`; the option `gigabytes` (object glob to number) goes before the snapshot."""

    def __init__(self, ctx: Context) -> None:
        self._declared = [
            (compile_object_globs((glob,)), float(number))
            for glob, number in ctx.options["gigabytes"].items()
        ]
        self._snapshot = ctx.snapshot.relations

    def __bool__(self) -> bool:
        """Whether any size is known."""
        return bool(self._declared or self._snapshot)

    def get(self, table: str) -> RelationSize | None:
        """The size of a table, if it is known; indexes of a declared one are taken for half of it."""
        for matches, number in self._declared:
            if matches(table):
                size = int(number * GIGABYTE)
                return RelationSize(-1, size, size // 2)
        return self._snapshot.get(table)

    def of(self, tables: tuple[str, ...]) -> Mapping[str, RelationSize]:
        """The sizes of these tables, as far as they are known."""
        found = {table: self.get(table) for table in tables}
        return {table: size for table, size in found.items() if size is not None}
