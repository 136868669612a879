"""One small renderer per format, each independent of the others.

A renderer is a function `render(report, options) -> str` in the module named like its format. It decides
form, never content or order, and opens no file. The text ends with a newline. Where a path was not valid
UTF-8 it carries lone surrogates, as Python reads such names: write with `errors="backslashreplace"`, which
JSON reads back unchanged.
"""

from collections.abc import Callable
from typing import cast

from confiture_linter.model import Report
from confiture_linter.report.options import RenderOptions

FORMATS = ("text", "concise", "json", "lsp", "sarif", "github", "gitlab", "html")
"""Names of the formats, in the order in which help texts list them."""

Renderer = Callable[[Report, RenderOptions], str]
"""What every format module offers as `render`."""

__all__ = ["FORMATS", "RenderOptions", "Renderer", "load", "schema_text"]


def load(format_name: str) -> Renderer:
    """Return the renderer of a format; imports that one module and no other.

    Raises `LookupError` for a name that is not in `FORMATS`.
    """
    if format_name not in FORMATS:
        raise LookupError(f"no report format {format_name!r}; there are {', '.join(FORMATS)}")
    from importlib import import_module

    return cast("Renderer", import_module(f"{__name__}.{format_name}").render)


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of `--format json`, version 1."""
    from importlib.resources import files

    return files(__name__).joinpath("schema", "findings-1.json").read_text("utf-8")
