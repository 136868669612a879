"""The built-in hooks; `registry` knows their names."""
