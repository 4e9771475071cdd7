"""Modal screens, each of which asks one thing and returns the answer."""
