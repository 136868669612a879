"""What the exit codes mean; printed by `--help` and in docs/cli.md."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of `confiture-lint`; `confiture-migrate` adds 3 and 4."""

    CLEAN = 0
    """Nothing to report at or above --fail-on."""
    FINDINGS = 1
    """Findings, or a plan refused."""
    USAGE = 2
    """Wrong usage or configuration, unreadable input, internal error."""
