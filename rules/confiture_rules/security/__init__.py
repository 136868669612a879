"""Security: row security, privileges, secrets."""
