"""Functions: SQL and PL/pgSQL bodies that fail or surprise at run time."""
