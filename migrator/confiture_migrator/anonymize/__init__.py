"""A copy of a database with personal data removed: profile → plan → COPY → verification → report."""
