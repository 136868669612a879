"""Robustness: input that cannot be read or parsed."""
