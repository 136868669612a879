"""Tenancy: every row belongs to a tenant, and no query forgets it."""
