"""Lints texts that are in memory: examples, tests, documentation, other programs."""

from collections.abc import Mapping, Sequence

from confiture_linter.config import default_config, parse_config
from confiture_linter.engine.check import check
from confiture_linter.engine.context import Context
from confiture_linter.engine.file_facts import source_facts
from confiture_linter.engine.registry import AnyRule
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.workspace import Workspace, replayed
from confiture_linter.model import Finding
from confiture_linter.sources import read_embedded, source_from
from confiture_linter.sources.order import order_files


def open_texts(files: Mapping[str, str | bytes], config: str = "") -> Workspace:
    """Build the workspace of `files` (path to SQL) in path order, under a confiture.yaml given as text."""
    settings = parse_config(config.encode(), "confiture.yaml") if config else default_config(".")
    by_path = {}
    for path in sorted(files):
        text = files[path]
        data = text if isinstance(text, bytes) else text.encode()
        source = read_embedded(
            source_from(data, path, settings.schema.placeholders), settings.schema.placeholders
        )
        by_path[path] = (source, source_facts(source))
    ordered = order_files(settings, list(by_path))
    workspace = replayed(settings, (), by_path, ordered, history=False, declared=True)
    workspace.context.exists = lambda path: path in by_path
    return workspace


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
    workspace = open_texts(texts, rule.config if config is None else config)
    given = workspace.config.lint.rules.get(rule.name)
    options = {**rule.options, **given.options} if given else rule.options
    active = [ActiveRule(rule, rule.severity, options, None)]
    return check(workspace, active, registry or (rule,)).findings
