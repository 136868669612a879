"""Indexes: missing, duplicate and useless ones."""
