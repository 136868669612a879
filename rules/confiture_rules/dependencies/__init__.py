"""Dependencies: build order, missing, duplicate and unused objects."""
