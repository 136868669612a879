"""Runs hooks: a savepoint each, released on success; a timeout, retries; the first failure ends the migration."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from confiture_migrator.events import (
    HookCompleted,
    HookFailed,
    HookProgress,
    HookSkipped,
    HookStarted,
    PhaseCompleted,
    Sink,
)
from confiture_migrator.hooks.deadline import HookTimeout, deadline
from confiture_migrator.hooks.values import BoundHook, HookContext, HookError, HookPhase, HookResult

if TYPE_CHECKING:
    import psycopg

LONGEST_PAUSE = 2.0
"""Seconds between two attempts."""


class HookFailure(HookError):
    """A hook failed for good; `__cause__` is why."""

    def __init__(self, bound: BoundHook, reason: str) -> None:
        place = f"{bound.file}:{bound.line}: " if bound.line else ""
        super().__init__(f"{place}hook {bound.name} in {bound.phase} failed: {reason}")
        self.bound = bound
        self.reason = reason


class HookRunner:
    """Runs the hooks of one migration on one connection."""

    def __init__(
        self,
        connection: "psycopg.Connection[Any]",
        context: HookContext,
        sink: Sink,
        *,
        observe: Callable[[BoundHook, HookResult | None, float, str | None], None] | None = None,
    ) -> None:
        self.connection = connection
        self.context = context
        self.sink = sink
        self._observe = observe
        self.rows = 0
        """Rows that hooks changed."""

    def phase(self, phase: HookPhase, hooks: Sequence[BoundHook]) -> None:
        """Run the hooks of one phase in their order; raises `HookFailure`."""
        mine = [bound for bound in hooks if bound.phase is phase]
        for bound in mine:
            self.hook(bound)
        if mine:
            self.sink.emit(PhaseCompleted(self.context.version, phase.value, len(mine)))

    def hook(self, bound: BoundHook) -> None:
        """Run one hook, again where it failed and may be tried again."""
        version, name = self.context.version, bound.name
        if bound.external and self.context.dry_run:
            self.leave_out(bound, "it has effects outside the database")
            return
        self.sink.emit(HookStarted(version, bound.phase.value, name, bound.description))
        begun = time.monotonic()
        attempt = 0
        result: HookResult | None = None
        while result is None:
            try:
                result = self._attempt(bound)
            except HookFailure as failure:
                last = attempt == bound.retries or self.connection.closed
                took = time.monotonic() - begun
                self.sink.emit(
                    HookFailed(version, bound.phase.value, name, failure.reason, attempt + 1, not last, took)
                )
                if last:
                    if self._observe:
                        self._observe(bound, None, took, failure.reason)
                    raise
                time.sleep(min(0.1 * 2**attempt, LONGEST_PAUSE))
                attempt += 1
        took = time.monotonic() - begun
        self.context.stats.update(result.stats)
        self.rows += result.rows
        if self._observe:
            self._observe(bound, result, took, None)
        self.sink.emit(HookCompleted(version, bound.phase.value, name, result.rows, took, result.message))

    def leave_out(self, bound: BoundHook, reason: str) -> None:
        """Say why a hook is not run."""
        self.sink.emit(HookSkipped(self.context.version, bound.phase.value, bound.name, reason))

    def _attempt(self, bound: BoundHook) -> HookResult:
        """Run a hook once. What it raises, whatever it is, becomes a `HookFailure` with that as its cause."""
        self.context.phase = bound.phase
        self.context.progress = lambda done, total, what: self.sink.emit(
            HookProgress(self.context.version, bound.phase.value, bound.name, done, total, what)
        )
        try:
            with deadline(bound.timeout):
                result = self._execute(bound)
        except HookTimeout as error:
            raise HookFailure(bound, f"it took longer than {bound.timeout:g} s") from error
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
                raise
            raise HookFailure(bound, _said(error)) from error
        return result

    def _execute(self, bound: BoundHook) -> HookResult:
        from psycopg.pq import TransactionStatus

        connection = self.connection
        if bound.outside:
            return _checked(bound.hook.execute(connection, self.context))
        if (
            connection.info.transaction_status == TransactionStatus.IDLE
        ):  # a phase of a step-by-step migration
            with connection.transaction():
                return self._limited(bound)
        with connection.transaction():  # a savepoint
            return self._limited(bound)

    def _limited(self, bound: BoundHook) -> HookResult:
        """Run it with the server's own limit, which holds for each of its statements, and put back what was."""
        connection = self.connection
        before = _setting(connection)
        _set(connection, f"{max(int(bound.timeout * 1000), 1)}ms")
        result = _checked(bound.hook.execute(connection, self.context))
        _set(connection, before)
        return result


def _setting(connection: "psycopg.Connection[Any]") -> str:
    row = connection.execute("SELECT pg_catalog.current_setting('statement_timeout')").fetchone()
    return str(row[0]) if row else "0"


def _set(connection: "psycopg.Connection[Any]", value: str) -> None:
    connection.execute("SELECT pg_catalog.set_config('statement_timeout', %s, true)", [value])


def _checked(result: HookResult | None) -> HookResult:
    """A result that says no is a failure."""
    result = result or HookResult()
    failed = [check for check in result.checks if not check.ok]
    if failed:
        raise HookError("; ".join(f"{check.name}: {check.detail or 'not so'}" for check in failed))
    if not result.ok:
        raise HookError(result.message or "it says that it did not succeed")
    return result


def _said(error: BaseException) -> str:
    text = str(error).strip()
    return text if isinstance(error, HookError) else f"{type(error).__name__}: {text}"
