"""What other packages bring by entry points: loaded when asked for, and blamed by the package's name."""

from importlib.metadata import EntryPoint
from typing import Any

from confiture_linter.model import PluginError


def load_plugin(entry: EntryPoint, what: str, wanted: str) -> Any:
    """Load what a package brings as a `what`: a callable, `wanted` in the words of the message.

    Raises `PluginError` naming the package, whatever its code raised: that is its package's fault.
    """
    try:
        loaded = entry.load()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise PluginError(
            f"{what} {entry.name} of package {package_of(entry)} does not load: {type(error).__name__}: {error}; "
            "update or remove the package"
        ) from error
    if not callable(loaded):
        raise PluginError(f"{what} {entry.name} of package {package_of(entry)} is no {wanted}")
    return loaded


def package_of(entry: EntryPoint) -> str:
    """Name and version of the package; its module where it is not installed as one."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
