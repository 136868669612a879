"""How much a finding matters."""

from enum import StrEnum


class Severity(StrEnum):
    """Severity of a finding, most severe first: an error blocks, a warning asks, an info tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for info: smaller is worse."""
        return _RANK[self]

    def at_least(self, threshold: "Severity") -> bool:
        """Whether this is as severe as `threshold` or more."""
        return self.rank <= threshold.rank


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
