"""Destructive changes: data, guarantees and access that are gone afterwards."""
