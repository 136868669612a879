"""Lints texts that are in memory: examples, tests, documentation, other programs."""

from collections.abc import Mapping, Sequence

from confiture_linter.config import default_config, parse_config
from confiture_linter.effects import Change, ChangeSet
from confiture_linter.engine.check import check
from confiture_linter.engine.context import Context
from confiture_linter.engine.drift import Drift
from confiture_linter.engine.file_facts import source_facts
from confiture_linter.engine.pending import Pending
from confiture_linter.engine.profiles import add_profiles
from confiture_linter.engine.registry import AnyRule
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.workspace import Workspace, replayed
from confiture_linter.model import Example, Finding
from confiture_linter.sources import read_embedded, source_from
from confiture_linter.sources.order import order_files


def open_texts(files: Mapping[str, str | bytes], config: str = "") -> Workspace:
    """Build the workspace of `files` (path to SQL) in path order, under a confiture.yaml given as text."""
    settings = parse_config(config.encode(), "confiture.yaml") if config else default_config(".")
    by_path = {}
    profiles = []
    folder = f"{settings.anonymization.profiles}/"
    for path in sorted(files):
        text = files[path]
        data = text if isinstance(text, bytes) else text.encode()
        if path.startswith(folder):
            profiles.append(source_from(data, path, role="profile"))
            continue
        source = read_embedded(
            source_from(data, path, settings.schema.placeholders), settings.schema.placeholders
        )
        by_path[path] = (source, source_facts(source))
    ordered = order_files(settings, list(by_path))
    workspace = replayed(settings, (), by_path, ordered, history=False, declared=True)
    workspace.context.exists = lambda path: path in by_path
    add_profiles(workspace.context, profiles)
    return workspace


def open_changes(
    schema: str, scripts: Mapping[str, str], config: str, rules: Sequence[ActiveRule]
) -> Workspace:
    """The workspace of `schema` and the change scripts beside it; several scripts are deployed together."""
    from confiture_linter.engine.scripts import Scripts

    settings = parse_config(config.encode(), "confiture.yaml") if config else default_config(".")
    by_path = {}
    for path, text in {"schema.sql": schema, **scripts}.items():
        source = read_embedded(
            source_from(text.encode(), path, settings.schema.placeholders), settings.schema.placeholders
        )
        by_path[path] = (source, source_facts(source))
    tree = order_files(settings, ["schema.sql"] if schema else [])
    workspace = replayed(settings, (), by_path, tree, history=False, declared=True)
    pending = Pending((), tuple(sorted(scripts)), together=len(scripts) > 1)
    return Scripts(settings, by_path, rules, None).beside(
        workspace, order_files(settings, list(scripts)), pending
    )


def analyse_texts(files: Mapping[str, str], config: str = "") -> Context:
    """The context of `files`, for asking its catalog."""
    return open_texts(files, config).context


def check_texts(
    rule: AnyRule,
    files: str | Mapping[str, str],
    config: str | None = None,
    registry: Sequence[AnyRule] = (),
) -> list[Finding]:
    """The findings of one rule on SQL text, or on several files; the rule's own configuration by default."""
    texts = {"example.sql": files} if isinstance(files, str) else files
    written = rule.config if config is None else config
    active = [_active(rule, written)]
    workspace = open_texts(texts, written)
    return check(workspace, active, registry or (rule,)).findings


def check_changes(
    rule: AnyRule,
    scripts: str | Mapping[str, str],
    schema: str | None = None,
    config: str | None = None,
    registry: Sequence[AnyRule] = (),
) -> list[Finding]:
    """The findings of one rule on change scripts; `schema` is what they change, by default the rule's own."""
    texts = {"example.sql": scripts} if isinstance(scripts, str) else scripts
    written = rule.config if config is None else config
    active = [_active(rule, written)]
    workspace = open_changes(rule.given if schema is None else schema, texts, written, active)
    return check(workspace, active, registry or (rule,)).findings


def check_example(rule: AnyRule, example: Example) -> list[Finding]:
    """The findings of a rule on an example of its own."""
    if rule.subject in (Change, ChangeSet, Drift):
        return check_changes(rule, example)
    return check_texts(rule, example)


def _active(rule: AnyRule, config: str) -> ActiveRule:
    settings = parse_config(config.encode(), "confiture.yaml") if config else default_config(".")
    given = settings.lint.rules.get(rule.name)
    return ActiveRule(rule, rule.severity, {**rule.options, **given.options} if given else rule.options, None)
