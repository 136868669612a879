"""Order among files by keys and rows: unique keys before those who refer to them, rows before rows that reference them."""

from collections.abc import Iterator, Sequence

from confiture_linter.graph.makers import Pair, Step
from confiture_linter.graph.mentioned import partition_of, references, wanted_keys
from confiture_linter.statements import facts as f


def key_pairs(all_steps: Sequence[Step]) -> Iterator[Pair]:
    """A foreign key, and ON CONFLICT, need the unique key that another file adds to the table."""
    added: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for step in all_steps:
        fact = step.statement.fact
        if type(fact) is f.AlterTable:
            for command in fact.commands:
                for constraint in command.constraints:
                    if constraint.kind in ("primary key", "unique"):
                        primary = constraint.kind == "primary key"
                        added.setdefault(fact.name, []).append((constraint.columns, step.where.path, primary))
        elif type(fact) is f.CreateIndex and fact.unique:
            keys = tuple(column.name for column in fact.columns)
            added.setdefault(fact.table, []).append((keys, step.where.path, False))
    if not added:
        return
    for step in all_steps:
        for table, columns in wanted_keys(step.statement):
            for have, path, primary in added.get(table, ()):
                fits = columns is None or (set(have) == set(columns) if columns else primary)
                if path != step.where.path and fits:
                    yield step.where.path, path


def row_pairs(all_steps: Sequence[Step]) -> Iterator[Pair]:
    """Rows of a table come after rows of the tables it references."""
    writers: dict[str, list[str]] = {}
    for step in all_steps:
        for ref in step.statement.refs:
            if ref.kind == "relation" and ref.use == "insert":
                writers.setdefault(ref.name, []).append(step.where.path)
    if not writers:
        return
    partitions = [
        (parent, child, step.where.path)
        for step in all_steps
        for parent, child in partition_of(step.statement.fact)
    ]
    above = {child: parent for parent, child, _ in partitions}
    for parent, _, path in partitions:
        seen: set[str] = set()
        while parent and parent not in seen:
            seen.add(parent)
            for writer in writers.get(parent, ()):
                if writer != path:
                    yield writer, path
            parent = above.get(parent, "")
    for step in all_steps:
        for table, target in references(step.statement):
            for writer in writers.get(table, ()):
                for parent in writers.get(target, ()):
                    if writer != parent:
                        yield writer, parent


def loop_pairs(all_steps: Sequence[Step]) -> Iterator[Pair]:
    """Rows come after blocks that execute a text for each of them: there the block finds nothing to do, and does not fail."""
    makers = {
        (step.statement.fact.name, step.where.path)
        for step in all_steps
        if type(step.statement.fact) is f.CreateTable
    }
    writers = _writers(all_steps)
    for step in all_steps:
        body = step.statement.fact.body if type(step.statement.fact) is f.DoBlock else None
        if body is None or not body.dynamic:
            continue
        read = dict.fromkeys(ref.name for ref in body.refs if ref.kind == "relation" and ref.use == "read")
        for table in read:
            for writer in writers.get(table, ()):
                if writer != step.where.path and (table, writer) not in makers:
                    yield writer, step.where.path


def trigger_pairs(all_steps: Sequence[Step]) -> Iterator[Pair]:
    """Triggers that do something after rows have come are made when the rows that files put in are there."""
    writers = _writers(all_steps)
    for step in all_steps:
        fact = step.statement.fact
        if type(fact) is f.CreateTrigger and fact.timing == "after" and "insert" in fact.events:
            for writer in writers.get(fact.table, ()):
                if writer != step.where.path:
                    yield step.where.path, writer


def _writers(all_steps: Sequence[Step]) -> dict[str, dict[str, None]]:
    """Tables to the files that put rows into them as they run."""
    found: dict[str, dict[str, None]] = {}
    for step in all_steps:
        for ref in step.statement.refs if type(step.statement.fact) is f.Execute else ():
            if ref.kind == "relation" and ref.use == "insert":
                found.setdefault(ref.name, {})[step.where.path] = None
    return found


__all__ = ["key_pairs", "loop_pairs", "row_pairs", "trigger_pairs"]
