"""The migrator: the only package that talks to a PostgreSQL server.

It takes a plan that the linter has vetted and carries it out; it does not lint.
Its rooms are described in docs/architecture.md and arrive with the migrator's own work.
"""
