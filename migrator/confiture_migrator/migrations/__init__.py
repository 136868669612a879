"""Migration files → values: `.sql`, `.up.sql` with `.down.sql`, `.yaml`, `.py`; nothing here opens a database."""

from confiture_migrator.migrations.discover import find_migrations
from confiture_migrator.migrations.values import HookSpec, Migration, Script

__all__ = ["HookSpec", "Migration", "Script", "find_migrations"]
