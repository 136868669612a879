"""CQRS and layers: who may read and write what, and how projections stay fresh."""
