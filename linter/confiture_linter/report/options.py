"""How a report is to look: decided by the command line, obeyed by the renderers."""

from typing import NamedTuple


class RenderOptions(NamedTuple):
    """The form a renderer is asked for; each renderer reads the fields that concern it."""

    color: bool = False
    """ANSI colours (text)."""
    ascii: bool = False
    """Nothing but ASCII, for terminals that cannot show more (text)."""
    verbose: bool = False
    """Everything, where the short form cuts: related places, unanalysed places, suppressed count."""
    statistics: bool = False
    """A table of counts per rule before the summary (text)."""
    width: int = 100
    """Columns of the terminal: source lines are clipped and help is wrapped to it (text)."""
    root: str = ""
    """Absolute directory, `/` separated, that paths of the report are relative to; base of `file:` URIs (lsp).

    Empty: URIs stay relative.
    """
    prefix: str = ""
    """The same directory seen from the top of the repository, such as `services/shop`.

    Code hosts want paths from there (sarif, github, gitlab). Empty: it is the top.
    """
    docs_url: str = ""
    """Where the documentation is, with a `/` at its end; a rule's page is `rules/<name>/` below it.

    Empty: no links.
    """
    version: str = ""
    """Version of the program, named in documents that have a place for it (sarif)."""

    def rule_url(self, rule: str) -> str:
        """Return the address of the page of a rule, empty where there is no documentation."""
        return f"{self.docs_url}rules/{rule}/" if self.docs_url else ""
