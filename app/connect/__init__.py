"""Connection profiles, and the present session."""
