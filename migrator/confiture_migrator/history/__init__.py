"""What happened, merged from ledger, events, pgGit and its queue, and shown."""
