"""Dry-run: the plan really executed, on a throw-away copy or in a transaction that is always rolled back, and measured."""
