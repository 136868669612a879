"""Types: columns that will hurt later."""
