"""Recordings on a screen of their own, read-only: reading, playing and commands."""
