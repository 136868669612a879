"""Harmful and harmless migrations that look alike, each label proven on a server, and how linters fare on them."""
