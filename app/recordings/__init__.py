"""Recordings, shown read-only on their own screen: reading, playing and commands."""
