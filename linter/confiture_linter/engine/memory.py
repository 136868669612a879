"""Lints texts that are in memory: examples, tests, documentation, other programs."""

from collections.abc import Mapping

from confiture_linter.config import Config, default_config, parse_config
from confiture_linter.engine.context import Context
from confiture_linter.engine.file_facts import file_facts
from confiture_linter.engine.lint import analyse, findings_of
from confiture_linter.engine.registry import AnyRule
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.model import Finding, Rule


def analyse_texts(files: Mapping[str, str], config: str = "") -> Context:
    """Build the catalog of `files` (path to SQL) in path order, under a confiture.yaml given as text."""
    settings: Config = parse_config(config.encode(), "confiture.yaml") if config else default_config(".")
    data = {path: text.encode() for path, text in files.items()}
    facts = [file_facts(path, data[path]) for path in sorted(data)]
    return analyse(facts, settings, lambda path: data.get(path, b""))


def check_texts(rule: AnyRule, files: str | Mapping[str, str], config: str | None = None) -> list[Finding]:
    """The findings of one rule on SQL text, or on several files; the rule's own configuration by default."""
    texts = {"example.sql": files} if isinstance(files, str) else files
    context = analyse_texts(texts, rule.config if config is None else config)
    given = context.config.lint.rules.get(rule.name)
    options = {**rule.options, **given.options} if given else rule.options
    return findings_of(context, [ActiveRule(rule, rule.severity, options, None)])


__all__ = ["Rule", "analyse_texts", "check_texts"]
