"""Keys: primary, unique and foreign keys that mean what they say."""
