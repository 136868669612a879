"""Transactions: what may run in one, what must not, and which timeouts protect it."""
