"""What a rule reports, and the values that travel with it."""

from typing import NamedTuple

from confiture_linter.model.severity import Severity
from confiture_linter.model.span import Span


class Edit(NamedTuple):
    """Replace the bytes of `span` in `path` by `replacement`."""

    path: str
    span: Span
    replacement: str


class Fix(NamedTuple):
    """Edits that silence a finding; `safe` ones keep the meaning and are applied by `--fix`."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Related(NamedTuple):
    """Another place that explains a finding, such as the first of two definitions."""

    path: str
    span: Span
    message: str


class Suppression(NamedTuple):
    """Why a finding does not count: a comment in the source, or the baseline."""

    kind: str
    """`comment` or `baseline`."""
    reason: str = ""


class Finding(NamedTuple):
    """One thing that is wrong, at one place.

    A rule fills the first block. The engine stamps the second: a rule's identity is written once, in the
    rule itself.
    """

    path: str
    span: Span
    message: str
    object: str = ""
    """Identity of the object, `schema.name` or `schema.table.column`; stable when lines move."""
    help: str = ""
    """What to do instead."""
    fix: Fix | None = None
    related: tuple[Related, ...] = ()

    rule: str = ""
    family: str = ""
    severity: Severity = Severity.WARNING
    suppressed: Suppression | None = None
    fingerprint: str = ""
    """sha256 over rule, path, object and ordinal: what baselines and code hosts recognise it by."""


class Unanalysed(NamedTuple):
    """A stretch of input that could not be analysed, and why; it is said, never passed over."""

    path: str
    span: Span
    reason: str
