"""Locking: changes that make everyone wait: locks, rewrites, scans under a lock."""
