"""A transcript becomes a checked answer."""
