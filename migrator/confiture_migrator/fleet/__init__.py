"""One plan for many databases of the same schema: in waves, a canary first, with one report."""

from confiture_migrator.fleet.run import run_fleet
from confiture_migrator.fleet.targets_file import read_targets
from confiture_migrator.fleet.values import Fleet, Member, Report, Result, State, Wave

__all__ = ["Fleet", "Member", "Report", "Result", "State", "Wave", "read_targets", "run_fleet"]
