"""Modal screens; each asks for one thing and returns the answer."""
