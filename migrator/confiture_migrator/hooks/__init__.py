"""Hooks: what runs around a migration's statements, in exactly six phases, each in a savepoint of its own."""

from confiture_migrator.hooks.registry import get_hook, hook_names, register_hook
from confiture_migrator.hooks.values import (
    Check,
    Hook,
    HookContext,
    HookError,
    HookPhase,
    HookResult,
)

__all__ = [
    "Check",
    "Hook",
    "HookContext",
    "HookError",
    "HookPhase",
    "HookResult",
    "get_hook",
    "hook_names",
    "register_hook",
]
