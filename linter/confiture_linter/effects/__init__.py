"""What statements do to a live database: locks, rewrites, scans, and whether a transaction may hold them."""

from confiture_linter.catalog import Catalog
from confiture_linter.effects.change import Change, ChangeSet, Migration, Step
from confiture_linter.effects.values import Effects, LockMode
from confiture_linter.statements.facts import Statement


def effects_of(statement: Statement, catalog: Catalog, postgres: int) -> Effects:
    """What `statement` does on a server of major `postgres` that holds `catalog`.

    The catalog is that just before the statement; it is read, not kept. The model is imported when it is first asked:
    rules name the values of this room in every run, and most runs judge nothing.
    """
    from confiture_linter.effects.model import effects_of as modelled

    return modelled(statement, catalog, postgres)


__all__ = ["Change", "ChangeSet", "Effects", "LockMode", "Migration", "Step", "effects_of"]
