"""The steps of a Python migration: what the linter reads of it without importing it, and what only a run could tell."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from confiture_linter.config.settings import AXES, Environment
from confiture_linter.effects import Effects
from confiture_linter.model import LineIndex
from confiture_linter.parse import ParseFailure, RawStatement, parse_statements
from confiture_linter.statements import summarise
from confiture_migrator.migrations import Migration
from confiture_migrator.migrations.statements import one_statement
from confiture_migrator.migrations.values import PythonText
from confiture_migrator.plan.steps import together
from confiture_migrator.plan.values import PlanFinding, Risk, Step

if TYPE_CHECKING:
    from confiture_linter.effects import Step as Judged
    from confiture_linter.engine.file_facts import FileFacts
    from confiture_linter.sources import SourceFile
    from confiture_linter.sources.embedded import Embedded

UNREAD = "unread-python"
"""Name of the finding about what only a run could tell."""


def python_source(text: PythonText, file: str, placeholders: tuple[tuple[str, str], ...]) -> "SourceFile":
    """The SQL of the file, by libcst."""
    from confiture_linter.sources import source_from
    from confiture_linter.sources.other_languages import read_embedded

    return read_embedded(source_from(text.data, file, placeholders), placeholders)


def python_steps(
    migration: Migration, judged: "Sequence[Judged]", source: "SourceFile", facts: "FileFacts"
) -> tuple[Step, ...]:
    """What is executed, in the order in which it is, and the places of which nothing can be told."""
    lines = LineIndex(source.data)
    groups = _groups(judged, facts)
    steps: list[Step] = []
    at = 0
    for piece in source.embedded or ():
        for raw, count in _raws(piece):
            effects = [each for group in groups[at : at + count] for each in group]
            at += count
            line = lines.position(piece.place(raw.start)).line
            told = together(effects) if effects else Effects(unknown=("what it does",))
            statement = one_statement(_sql(piece, raw), migration.file, line)
            steps.append(Step(statement.shown, migration.file, line, told))
    unread = [(lines.position(span.start).line, reason) for span, reason in source.unanalysed]
    unread += migration.python.unknown if migration.python is not None else ()
    for line, reason in sorted(unread):
        before = next((index for index, step in enumerate(steps) if step.line > line), len(steps))
        steps.insert(before, Step("", migration.file, line, Effects(unknown=(reason,))))
    return tuple(steps)


def _groups(judged: "Sequence[Judged]", facts: "FileFacts") -> list[list[Effects]]:
    """The effects of each statement; what is executed inside one, a DO block, counts for it."""
    own = {id(statement) for statement in facts.statements}
    groups: list[list[Effects]] = []
    for step in judged:
        if id(step.where.statement) in own or not groups:
            groups.append([])
        groups[-1].append(step.effects)
    return groups if len(groups) == len(facts.statements) else []


def _raws(piece: "Embedded") -> "list[tuple[RawStatement, int]]":
    """Its statements, and of how many facts each consists; none where the grammar refuses it, which is a finding."""
    try:
        parsed = parse_statements(piece.sql.decode(), len(piece.sql))
    except (ParseFailure, RecursionError):
        return []
    return [(raw, len(summarise(raw, piece.sql))) for raw in parsed]


def _sql(piece: "Embedded", raw: "RawStatement") -> str:
    text = piece.sql[raw.start : raw.end].decode()
    for token, replacement in piece.substitutions:
        text = text.replace(token, replacement)
    return text


# What only a run could tell.


def _unread(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if not step.sql]


def with_unread(risk: Risk, steps: Sequence[Step]) -> Risk:
    """The risk of what could be read is the least there is; with more that could not be, `none` is not known."""
    unread = _unread(steps)
    if not unread:
        return risk
    compatibility, data_loss, performance, locking = (
        "unknown" if level == "none" else level
        for level in (risk.compatibility, risk.data_loss, risk.performance, risk.locking)
    )
    lines = ", ".join(dict.fromkeys(str(step.line) for step in unread))
    reason = f"what line {lines} does is known when it runs: the risk may be higher"
    return Risk(compatibility, data_loss, performance, locking, (*risk.reasons, reason), risk.recommendations)


def unread_findings(steps: Sequence[Step], environment: Environment) -> Iterator[PlanFinding]:
    """Yield what could not be vetted: an error where the environment accepts less than any risk."""
    careful = [axis for axis in AXES if environment.risk.get(axis, "high") != "high"]
    for step in _unread(steps):
        why = f"this environment does not accept every risk ({', '.join(careful)}): " if careful else ""
        yield PlanFinding(
            UNREAD,
            "error" if careful else "warning",
            f"nobody can vet this before it runs: {'; '.join(step.effects.unknown)}",
            f"{why}write the SQL as constant text, or look at a dry-run and --waive {UNREAD}@{step.file}:{step.line}",
            step.file,
            step.line,
            1,
        )
