"""The lock that each subcommand of ALTER TABLE takes: AlterTableGetLockLevel of tablecmds.c as a table."""

from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import AlterCommand

_AX = LockMode.ACCESS_EXCLUSIVE
_SRX = LockMode.SHARE_ROW_EXCLUSIVE
_SUX = LockMode.SHARE_UPDATE_EXCLUSIVE

_WEAKER = {
    "EnableTrig": _SRX,
    "EnableAlwaysTrig": _SRX,
    "EnableReplicaTrig": _SRX,
    "EnableTrigAll": _SRX,
    "EnableTrigUser": _SRX,
    "DisableTrig": _SRX,
    "DisableTrigAll": _SRX,
    "DisableTrigUser": _SRX,
    "SetStatistics": _SUX,
    "SetOptions": _SUX,
    "ResetOptions": _SUX,
    "ClusterOn": _SUX,
    "DropCluster": _SUX,
    "ValidateConstraint": _SUX,
    "AttachPartition": _SUX,
    "DetachPartitionFinalize": _SUX,
}
"""Everything else is ACCESS EXCLUSIVE."""

_STRICT_OPTIONS = frozenset(
    {"user_catalog_table", "security_barrier", "security_invoker", "check_option", "buffering", "fastupdate",
     "gin_pending_list_limit", "pages_per_range", "autosummarize"}
)  # fmt: skip
"""Storage parameters that need ACCESS EXCLUSIVE (reloptions.c); the others need SHARE UPDATE EXCLUSIVE."""


def command_lock(command: AlterCommand) -> LockMode:
    """The lock one subcommand takes on the table it is given."""
    kind = command.kind
    if kind == "AddConstraint":
        foreign = any(constraint.kind == "foreign key" for constraint in command.constraints)
        return _SRX if foreign else _AX
    if kind == "DetachPartition":
        return _SUX if command.behaviour == "concurrently" else _AX
    if kind in ("SetRelOptions", "ResetRelOptions"):
        names = {pair.partition("=")[0] for pair in command.text.split(",")}
        return _AX if names & _STRICT_OPTIONS or names == {""} else _SUX
    return _WEAKER.get(kind, _AX)


def strongest(commands: tuple[AlterCommand, ...]) -> LockMode:
    """The lock of a statement is the strongest that one of its subcommands needs."""
    return max(map(command_lock, commands), key=lambda mode: mode.rank, default=_AX)
