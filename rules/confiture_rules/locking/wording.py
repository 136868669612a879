"""How rules of this family say what a lock does to others."""

from confiture_linter.effects import LockMode

_SAID = {
    LockMode.ACCESS_EXCLUSIVE: "nobody can read or write it",
    LockMode.EXCLUSIVE: "nobody can write to it",
    LockMode.SHARE_ROW_EXCLUSIVE: "nobody can write to it",
    LockMode.SHARE: "nobody can write to it",
}


def blocked(mode: LockMode | None) -> str:
    """What others cannot do with a relation that is locked so."""
    return _SAID.get(mode, "others can work with it") if mode is not None else "others can work with it"
