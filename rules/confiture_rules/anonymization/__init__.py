"""Anonymization: whether the profiles cover the schema."""
