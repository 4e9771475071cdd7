"""Connection profiles, and the current session."""
