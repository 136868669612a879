"""A plan for a target: ask it where it stands, then vet what is pending there."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from confiture_linter.config import Config, Environment
from confiture_migrator.ledger import Entry, Ledger
from confiture_migrator.migrations import Migration
from confiture_migrator.plan.base import target_base
from confiture_migrator.plan.build import make_plan, tree_base
from confiture_migrator.plan.pending import Pending, pending_of
from confiture_migrator.plan.values import Plan, PlanSettings, Waiver
from confiture_migrator.plan.vetting import LinterVetting
from confiture_migrator.target import Identity, Target, connect, identity_of


class Here(NamedTuple):
    """What the target says: who it is, what is applied, its fingerprint."""

    identity: Identity | None
    entries: tuple[Entry, ...]
    base: str


def ask_target(target: Target | None, config: Config) -> Here:
    """Ask the target; nothing is written there. Without one the schema tree is the base."""
    if target is None:
        return Here(None, (), tree_base(config))
    with connect(target.url) as connection:
        connection.execute("SET default_transaction_read_only = on")
        entries = Ledger(connection).entries()
        return Here(identity_of(connection), entries, target_base(connection, entries))


def plan_for(
    config: Config,
    environment: tuple[str, Environment] | None,
    here: Here,
    migrations: Sequence[Migration],
    settings: PlanSettings,
    waivers: Sequence[Waiver],
    *,
    everything: bool = False,
    without: Collection[str] = (),
) -> Plan:
    """Vet what is pending; `everything`: whatever the ledger says. `without` are versions that are left out."""
    name = environment[0] if environment else None
    if everything:
        todo = Pending((), tuple(each for each in migrations if each.is_for(name)), ())
    else:
        todo = pending_of(migrations, here.entries, name)
    return make_plan(
        config,
        todo.before,
        tuple(each for each in todo.pending if each.version not in without),
        LinterVetting(config),
        environment=name or "",
        accepted=environment[1] if environment else Environment(),
        target=here.identity,
        base=here.base,
        settings=settings,
        waivers=waivers,
    )
