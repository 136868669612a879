"""Values that every room may know: frozen, and nothing but the standard library.

`Span`, `LineIndex`, `Severity`, `Finding`, `Edit`, `Fix`, `Rule`, `ObjectName` and the errors.
"""

from confiture_linter.model.errors import ConfigError, ConfitureError, PluginError, Problem, SourceError
from confiture_linter.model.finding import Edit, Finding, Fix, Related, Suppression, Unanalysed
from confiture_linter.model.names import MAX_IDENTIFIER_BYTES, ObjectName, quote_identifier
from confiture_linter.model.report import Report, Summary
from confiture_linter.model.rule import Example, Preset, Rule, RuleDefinitionError, rule
from confiture_linter.model.severity import Severity
from confiture_linter.model.span import LineIndex, Position, Span, Utf16Position

__all__ = [
    "MAX_IDENTIFIER_BYTES",
    "ConfigError",
    "ConfitureError",
    "Edit",
    "Example",
    "Finding",
    "Fix",
    "LineIndex",
    "ObjectName",
    "PluginError",
    "Position",
    "Preset",
    "Problem",
    "Related",
    "Report",
    "Rule",
    "RuleDefinitionError",
    "Severity",
    "SourceError",
    "Span",
    "Summary",
    "Suppression",
    "Unanalysed",
    "Utf16Position",
    "quote_identifier",
    "rule",
]
