"""Proof that replaying a history ends in the catalog that PostgreSQL has after it."""
