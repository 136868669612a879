"""Compatibility: changes that the version of the application which is still running cannot live with."""
