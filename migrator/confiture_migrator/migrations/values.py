"""A migration as its files tell it."""

from collections.abc import Mapping
from typing import NamedTuple


class Script(NamedTuple):
    """SQL text and where it stands."""

    text: str
    file: str
    """Relative to the configuration, `/` separated."""
    line: int = 1
    """1-based line of `file` on which `text` begins."""
    whole: bool = True
    """Whether lines of `text` are lines of the file; not so for folded or quoted YAML text."""

    def line_at(self, before: int) -> int:
        """Return the line of the file for a place with `before` line feeds in front of it."""
        return self.line + (before if self.whole else 0)


class HookSpec(NamedTuple):
    """A hook as configuration or a migration declares it."""

    phase: str
    type: str
    description: str = ""
    timeout: int = 300
    """Seconds."""
    retries: int = 0
    config: Mapping[str, object] = {}
    file: str = ""
    line: int = 0
    in_python: bool = False
    """Whether a Python migration brings it: it is made when the file is imported, and by nobody else."""


class PythonText(NamedTuple):
    """A Python migration as text; it is imported at dry-run and apply only."""

    data: bytes
    down: bool
    """Whether it has, or may inherit, a method `down`."""
    unknown: tuple[tuple[int, str], ...] = ()
    """Lines, and what only a run could tell about them."""


class Migration(NamedTuple):
    """One migration."""

    version: str
    name: str
    """The file's name without its endings: `0031_w_machine_lease`."""
    file: str
    """Relative to the configuration, `/` separated."""
    kind: str
    """`sql`, `yaml` or `python`."""
    checksum: str
    """`sha256:…` over the bytes of `file`."""
    up: Script | None
    """None for Python: its SQL is known when it runs."""
    down: Script | None = None
    transaction: bool | None = None
    """Whether all of it is one transaction; None: where PostgreSQL allows it."""
    hooks: tuple[HookSpec, ...] = ()
    down_hooks: tuple[HookSpec, ...] = ()
    environments: tuple[str, ...] = ()
    """Environments it is for; none: all."""
    description: str = ""
    disk: str = ""
    """What to open."""
    python: PythonText | None = None

    @property
    def has_way_back(self) -> bool:
        """Whether something takes it back."""
        return self.down is not None or (self.python is not None and self.python.down)

    def is_for(self, environment: str | None) -> bool:
        """Whether it is for this environment; without one it is for any."""
        return environment is None or not self.environments or environment in self.environments
