"""Anonymization profiles: YAML → values, the language of conditions, JSON paths, what looks personal.

Both sides need them: the migrator carries a profile out, and `confiture-lint check` asks whether it covers the tree.
"""

from confiture_linter.profiles.personal import personal_kind
from confiture_linter.profiles.read import read_profile
from confiture_linter.profiles.values import ColumnRule, Profile, Spec, TableRule

__all__ = ["ColumnRule", "Profile", "Spec", "TableRule", "personal_kind", "read_profile"]
