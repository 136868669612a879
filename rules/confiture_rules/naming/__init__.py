"""Names: how objects are called, and whether the name will survive."""
