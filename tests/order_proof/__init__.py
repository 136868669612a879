"""Proof that computed build orders build: PostgreSQL counts the files that run."""
