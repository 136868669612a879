"""Which files, in which order, and their text: everything between the disk and the parser.

`discover` finds the files and their roles, `order` puts them in build order, `read` makes text of equal length of
their bytes, `prepare` sets aside what is not SQL, `split` finds statements where the parser gives up.
"""

from typing import TYPE_CHECKING, Any

from confiture_linter.sources.discover import Discovered, discover, discover_roots
from confiture_linter.sources.read import read_source, source_from
from confiture_linter.sources.source_file import Include, SourceFile, SourceProblem

if TYPE_CHECKING:
    from confiture_linter.sources.dialect import guess_dialect
    from confiture_linter.sources.lexer import comments
    from confiture_linter.sources.migration import MigrationInfo, migration_info
    from confiture_linter.sources.order import OrderedFiles, order_files, order_migrations
    from confiture_linter.sources.other_languages import read_embedded
    from confiture_linter.sources.split import element_end, recover_boundaries, split_statements, token_end

__all__ = [
    "Discovered",
    "Include",
    "MigrationInfo",
    "OrderedFiles",
    "SourceFile",
    "SourceProblem",
    "comments",
    "discover",
    "discover_roots",
    "element_end",
    "guess_dialect",
    "migration_info",
    "order_files",
    "order_migrations",
    "read_embedded",
    "read_source",
    "recover_boundaries",
    "source_from",
    "split_statements",
    "token_end",
]

_LATER = {
    "MigrationInfo": "migration",
    "OrderedFiles": "order",
    "comments": "lexer",
    "element_end": "split",
    "guess_dialect": "dialect",
    "migration_info": "migration",
    "order_files": "order",
    "order_migrations": "order",
    "read_embedded": "other_languages",
    "recover_boundaries": "split",
    "split_statements": "split",
    "token_end": "split",
}
"""What is imported when it is first asked for: many runs never do."""


def __getattr__(name: str) -> Any:
    """Import a module of the room when one of its names is needed."""
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
