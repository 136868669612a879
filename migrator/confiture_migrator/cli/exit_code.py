"""What the exit codes mean."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of `confiture-migrate`."""

    OK = 0
    REFUSED = 1
    """Findings, a plan or request refused, or (`status`) something needs a person; nothing was changed."""
    USAGE = 2
    """Wrong usage or configuration, unreadable input, no connection, internal error."""
    FAILED = 3
    """A migration failed; it is rolled back, or its finished steps are in the ledger."""
    UNKNOWN = 4
    """The state is unknown: the connection was lost; `status` finds out."""


EXIT_CODES = "exit codes: 0 done, 1 refused, 2 usage, configuration or connection, 3 failed and rolled back, 4 state unknown"
