"""What stops the migrator, and with which exit code; every message says what to do next.

ConfitureError
└── MigrateError      usage, configuration, a server that cannot be reached   (exit 2)
    ├── PlanRefused   nothing was changed: the plan, or the request, is refused (exit 1)
    ├── ApplyFailed   failed and rolled back: the ledger says where it stands   (exit 3)
    └── StateUnknown  nobody can tell yet; `status` finds out                   (exit 4)
"""

from confiture_linter.model import ConfitureError


class MigrateError(ConfitureError):
    """Anything the user can put right."""

    exit_code = 2


class PlanRefused(MigrateError):
    """A plan or request that is refused before anything was changed."""

    exit_code = 1


class ApplyFailed(MigrateError):
    """A migration failed; what was done of it is rolled back, or stands in the ledger step by step."""

    exit_code = 3


class StateUnknown(MigrateError):
    """The connection was lost, or a statement may or may not have taken effect."""

    exit_code = 4
