"""`confiture-migrate`: a module per command, each arguments → one call → rendering → exit code."""
