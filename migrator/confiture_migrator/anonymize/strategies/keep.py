"""`keep`: the value stays; naming a column so says that this is meant."""

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.strategies.values import Compiled, Setting


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """Keep."""
    return Compiled(lambda value: value.text, lambda text, _: text, untouched=True)
