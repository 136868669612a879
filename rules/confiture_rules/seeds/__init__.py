"""Seeds: INSERT statements that break when the schema moves."""
