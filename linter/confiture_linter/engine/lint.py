"""From facts to findings: catalog, rules, suppressions, order of the answer."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from confiture_linter.catalog import Catalog, Replay
from confiture_linter.catalog.builtin import builtin_catalog
from confiture_linter.config import Config, compile_object_globs
from confiture_linter.engine.context import Context
from confiture_linter.engine.dispatch import run_rules
from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.fingerprint import fingerprinted
from confiture_linter.engine.fork import Forked, can_fork
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.spans import resolved_span
from confiture_linter.model import Finding

if TYPE_CHECKING:
    from confiture_linter.engine.judge import Judge

Judging = Callable[[Context], "Judge"]
"""Makes the judge of a change set for the context of its catalog."""


def new_replay(config: Config, *, history: bool) -> Replay:
    """An empty catalog under a configuration, and a replay on it."""
    catalog = Catalog(builtin_catalog(config.postgres), config.schema.search_path)
    catalog.postgres = config.postgres
    catalog.postgres_declared = ("postgres",) in config.positions
    catalog.path_declared = ("schema", "search_path") in config.positions
    replay = Replay(catalog, history=history)
    patterns = [pattern for pattern in config.schema.external if not pattern.startswith("extension:")]
    if patterns:
        replay.references.external = compile_object_globs(patterns)
    return replay


def analyse(
    files: Sequence[FileFacts],
    config: Config,
    text: Callable[[str], bytes],
    *,
    ordered: bool = True,
    history: bool = False,
    judging: Judging | None = None,
) -> Context:
    """Replay `files`, which are in build order, into a catalog that rules can be asked about.

    In a history the files are change scripts, and `judging` makes the judge of those that are pending.
    """
    replay = new_replay(config, history=history)
    live = Context(replay.catalog, config, text, ordered=ordered, history=history)
    judge = judging(live) if judging is not None else None
    if judge is not None:
        replay.before = judge.before
    for position, file in enumerate(files):
        replay.file(file.path, file.statements, position)
    replay.finish()
    context = Context(replay.catalog, config, text, ordered=ordered, history=history)
    if judge is not None:
        judge.finish()
        context.change_sets = judge.change_sets
        context.judged = judge.found
    return context


WORTH_A_PROCESS_STATEMENTS = 2_000
"""Below this the second process costs more than it saves."""


def findings_of(context: Context, rules: Sequence[ActiveRule]) -> list[Finding]:
    """Run the rules and return their findings with rule, severity, place and fingerprint, sorted."""
    here, there = list(rules), list[ActiveRule]()
    if len(context.catalog.statements) > WORTH_A_PROCESS_STATEMENTS and can_fork():
        here, there = _halves(here)
    child = Forked(lambda: _found(context, there)) if there and here else None
    found = _found(context, here)
    if there:
        received = child.result() if child is not None else None
        # A rule that crashed crashes here again, with its message.
        found += _found(context, there) if received is None else received
    found.sort(key=lambda f: (f.path, f.span, f.rule, f.object, f.message))
    return fingerprinted(_distinct(found))


_THERE = frozenset({"naming", "security", "seeds", "tenancy", "types"})
"""Families for the second process: half of the work, as measured on the benchmark's tree with all rules on. A family
stays together, for its rules share what they compute."""


def _halves(rules: list[ActiveRule]) -> tuple[list[ActiveRule], list[ActiveRule]]:
    """The rules for this process, and those for the second one."""
    return (
        [active for active in rules if active.rule.family not in _THERE],
        [active for active in rules if active.rule.family in _THERE],
    )


def _found(context: Context, rules: Iterable[ActiveRule]) -> list[Finding]:
    found: list[Finding] = []
    rules = list(rules)
    names = {active.rule.name for active in rules}
    judged = [pair for pair in context.judged if pair[0].rule.name in names]
    for active, finding in (*run_rules(rules, context), *judged):
        if active.exempt is not None and _exempted(active, finding):
            continue
        rule = active.rule
        found.append(
            finding._replace(
                rule=rule.name,
                family=rule.family,
                severity=active.severity,
                span=resolved_span(finding.span, finding.path, context.text),
                related=tuple(
                    place._replace(span=resolved_span(place.span, place.path, context.text))
                    for place in finding.related
                ),
            )
        )
    return found


def _exempted(active: ActiveRule, finding: Finding) -> bool:
    """Exemption globs are tried on the object and on the relation it belongs to."""
    if active.exempt is None:
        return False
    name = finding.object
    while name:
        if active.exempt(name):
            return True
        name = name.rpartition(".")[0] if name.count(".") > 1 else ""
    return False


def _distinct(findings: list[Finding]) -> list[Finding]:
    """Without exact repetitions, which two paths through a rule may yield."""
    return list(dict.fromkeys(findings))
