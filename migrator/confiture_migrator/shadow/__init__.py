"""A throw-away PostgreSQL: up in about a second, gone without a trace.

`Shadow` is the room's door. Behind it: `binaries` finds the programs, `account` says as whom they run, `work` is the
directory with its owner's name in it and the reaping of what killed owners left, `cluster` is initdb and the server
process, `extensions` stands in for what a wheel lacks.
"""

from confiture_migrator.shadow.binaries import client_program
from confiture_migrator.shadow.errors import ShadowError
from confiture_migrator.shadow.server import Shadow

__all__ = ["Shadow", "ShadowError", "client_program"]
