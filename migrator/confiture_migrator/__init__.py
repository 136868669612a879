"""The migrator: the only package that talks to a PostgreSQL server.

It takes a plan that the linter has vetted and carries it out; it does not lint. Its rooms: `migrations` (files to
values), `plan` (the vetted answer), `target` (which database), `ledger` (what has been done), `hooks` (six phases),
`execute` (executors of one interface), `rehearse` (dry-run with real figures), `shadow` (a throw-away PostgreSQL),
`events` (what is happening, as values) and `cli`.
"""
