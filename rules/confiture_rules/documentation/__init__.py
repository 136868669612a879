"""Documentation: comments that people and tools read."""
