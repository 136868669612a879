"""The built-in rules: one folder a family, one file a rule.

Each rule carries its own metadata, reason and examples; its test and its documentation page are generated
from them. `CONTRIBUTING.md` says how to write one in five minutes.
"""
