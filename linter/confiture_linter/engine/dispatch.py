"""Calls every active rule for every subject it is about."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from confiture_linter.catalog import (
    Catalog,
    Column,
    Constraint,
    Function,
    Index,
    Policy,
    Schema,
    Sequence,
    SourceStatement,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.effects import Change, ChangeSet
from confiture_linter.engine.context import Context
from confiture_linter.engine.drift import Drift
from confiture_linter.engine.files import File
from confiture_linter.engine.notes import StaleEntry, SuppressionNote
from confiture_linter.engine.profiles import AnonymizationProfile
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.model import ConfitureError, Finding, SourceError
from confiture_linter.parse import on_deep_stack


class RuleCrash(ConfitureError):
    """A rule raised: a defect of the rule, never of the SQL; names the rule and what it looked at."""


def run_rules(rules: Iterable[ActiveRule], context: Context) -> Iterator[tuple[ActiveRule, Finding]]:
    """Yield the findings of every rule, in no particular order."""
    by_subject: dict[type, list[ActiveRule]] = {}
    for active in rules:
        by_subject.setdefault(active.rule.subject, []).append(active)
    for subject, group in by_subject.items():
        if subject is Change:
            continue  # asked while the replay was there, see `judge`
        subjects = _SUBJECTS.get(subject)
        if subjects is None:
            raise RuleCrash(f"rule {group[0].rule.name}: no rule can be about {subject.__name__}")
        items = list(subjects(context))
        for active in group:
            kinds = active.rule.facts
            chosen = context.catalog.statements_with(kinds) if kinds and subject is SourceStatement else items
            yield from _run(active, chosen, context)


def _run(active: ActiveRule, items: list[Any], context: Context) -> Iterator[tuple[ActiveRule, Finding]]:
    context.options = active.options
    check = active.rule.check
    item: Any = None
    try:
        for item in items:
            for finding in check(item, context):
                yield active, finding
    except RecursionError:
        # Once more, where nesting may go deep; repeated findings are told apart by `findings_of`.
        yield from _run_deep(active, items, context)
    except SourceError:
        raise  # what the configuration names cannot be read: no fault of the rule
    except Exception as error:
        raise _crash(active, item, error) from error


def check_one(active: ActiveRule, item: Any, context: Context) -> list[Finding]:
    """The findings of one rule about one subject that exists only now."""
    return [finding for _, finding in _run(active, [item], context)]


def _run_deep(active: ActiveRule, items: list[Any], context: Context) -> list[tuple[ActiveRule, Finding]]:
    item: Any = None

    def run() -> list[tuple[ActiveRule, Finding]]:
        nonlocal item
        found: list[tuple[ActiveRule, Finding]] = []
        for item in items:
            found.extend((active, finding) for finding in active.rule.check(item, context))
        return found

    try:
        found: list[tuple[ActiveRule, Finding]] = on_deep_stack(run)
    except Exception as error:
        raise _crash(active, item, error) from error
    return found


def _crash(active: ActiveRule, item: Any, error: Exception) -> RuleCrash:
    place = getattr(item, "path", "")
    return RuleCrash(
        f"rule {active.rule.name} failed on {getattr(item, 'identity', item)!s} ({place}): "
        f"{type(error).__name__}: {error}. Please report this."
    )


_SUBJECTS: dict[type, Callable[[Context], Iterable[Any]]] = {
    File: lambda context: context.files,
    SuppressionNote: lambda context: [n for n in context.notes if type(n) is SuppressionNote],
    StaleEntry: lambda context: [n for n in context.notes if type(n) is StaleEntry],
    Table: lambda context: context.catalog.tables,
    Column: lambda context: context.catalog.columns,
    Constraint: lambda context: context.catalog.constraints,
    Index: lambda context: context.catalog.indexes,
    View: lambda context: context.catalog.views,
    Function: lambda context: context.catalog.routines,
    Trigger: lambda context: context.catalog.triggers,
    Policy: lambda context: context.catalog.policies,
    Type: lambda context: context.catalog.types.values(),
    Sequence: lambda context: context.catalog.sequences,
    Schema: lambda context: context.catalog.schemas.values(),
    SourceStatement: lambda context: context.catalog.statements,
    Catalog: lambda context: (context.catalog,),
    ChangeSet: lambda context: context.change_sets,
    Drift: lambda context: context.drift,
    AnonymizationProfile: lambda context: context.profiles,
}
